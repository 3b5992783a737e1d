"""Pages that other programs misread, as their users reported it in public.

The name of each case is the report: the repository on GitHub and the number of its issue.
"""

from typing import Final

import pytest
from made.crawls import Page, page_record
from made.reports import ONE, TWO, Report, check_report
from made.samples import Run


def body(content: str, head: str = '<meta charset="utf-8">', codec: str = "utf-8") -> dict[str, bytes]:
    """An HTML file with this body."""
    return {"a.html": f"<!DOCTYPE html><html><head>{head}</head><body>{content}</body></html>".encode(codec)}


NESTED = "".join("<table><tr><td>" for _ in range(400)) + ONE + "".join("</td></tr></table>" for _ in range(400))


REPORTS: Final = {
    "openzim/warc2zim#417": Report(
        body(
            f"<p>{ONE} Für die Völker.</p>",
            '<meta http-equiv="content-type" content="text/html; charset=iso-8859&#8211;1">',
            "latin-1",
        ),
        ("Für die Völker",),
    ),
    "codelibs/fess-crawler#198": Report(
        body("<p>学生向けプログラミング入門の本文です。</p>", '<meta charset="Shift_JIS">', "shift_jis"),
        ("学生向けプログラミング入門の本文です。",),
    ),
    "adbar/trafilatura#231": Report(
        body("the majestic mööse", '<meta charset="iso-8859-1">', "latin-1"), ("the majestic mööse",)
    ),
    "adbar/trafilatura#541": Report(
        body(f"{'<div class=menu></div>' * 900}<p>{'中国的铁路和桥梁。' * 9}</p>", '<meta charset="gbk">', "gb18030"),
        ("中国的铁路和桥梁。",),
    ),
    "joshdick/miniProxy#60": Report(
        body(
            "<p>Трамваи города Тулы и их маршруты.</p>",
            "<title>Links <meta http-equiv='Content-Type' content='text/html; charset=windows-1251'></title>",
            "cp1251",
        ),
        ("Трамваи города Тулы",),
    ),
    "archivesunleashed/aut#428": Report(
        {
            "a.warc": page_record(
                Page(body("<p>consacrée au 114ème bataillon</p>", "", "cp1252")["a.html"], media="text/html")
            )
        },
        ("consacrée au 114ème",),
    ),
    "fhamborg/news-please#198": Report(
        {
            "a.html": b'<html><head><meta charset="utf-8"></head>'
            b"<body><p>\xc3\xa9t\xc3\xa9 and \xff here</p></body></html>"
        },
        ("été and \ufffd here",),
    ),
    "adbar/trafilatura#431": Report(
        body(f"<article><p>{ONE}</p><ul><li><span tabindex='0'>{TWO}</span></li></ul></article>"), (ONE, TWO)
    ),
    "adbar/trafilatura#233": Report(
        body(f"<p>{ONE}<p><ul><li>{TWO}<li>Second point.</ul>"), (ONE, TWO, "Second point")
    ),
    "adbar/trafilatura#10": Report(
        body(f"<main><h3>Vorteile beim Barkauf:</h3><p>{ONE}</p><ol><li>{TWO}</li></ol></main>"),
        ("Vorteile beim Barkauf:", ONE, TWO),
    ),
    "html-to-text/node-html-to-text#52": Report(
        body(f"<p>{ONE}</p><table><tr><td>Issue Date:</td><td>Wed, 01 Oct 2014</td></tr></table><p>Passengers</p>"),
        (ONE, "Passengers"),
        lacks=("2014Passengers", "Date:Wed"),
    ),
    "html-to-text/node-html-to-text#107": Report(
        body(f"<p>{ONE} aaa   \n\t\t<a href='/'>bbb</a> ccc</p>"), ("aaa bbb ccc",)
    ),
    "soundasleep/html2text#54": Report(
        body(f'<p>{ONE}</p><font size="+1">Wolves of Midgard<br></font><font>Valkyria<br><br>World</font>'),
        ("Wolves of Midgard", "Valkyria"),
        lacks=("MidgardValkyria", "ValkyriaWorld"),
    ),
    "adbar/trafilatura#301": Report(
        body(f"<article><p>{ONE}</p><figure class='wp-block-table'><table><tr><td>{TWO}</td></tr></table></figure>"),
        (ONE, TWO),
    ),
    "thomas-villani/all2md#79": Report(
        body(
            f"<main><p>{ONE}</p><figure><table><tr><th>H1</th></tr><tr><td>{TWO}</td></tr></table>"
            "<figcaption>Table 1: bridges</figcaption></figure></main>"
        ),
        (ONE, "H1", TWO, "Table 1: bridges"),
    ),
    "chatnoir-eu/chatnoir-resiliparse#24": Report(body(NESTED), (ONE,)),
    "TobiasMue91/tobiasmue91.github.io#124": Report(
        body(f"<nav>Home</nav><main><p>{ONE}</p></main><script>var secret = 1</script><style>.x {{}}</style>"),
        (ONE,),
        lacks=("secret", ".x", "HomeThe"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_what_was_reported_of_pages_is_counted_or_said(run: Run, name: str) -> None:
    check_report(run, REPORTS[name])
