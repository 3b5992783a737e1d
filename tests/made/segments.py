"""A small crawl, as WARC and as WET, and editions of a few books, for the commands of the guide."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from made.crawls import Page, crawl, wet
from made.epubs import book, package, part

_WORDS: Final = {
    "en": "the of and to in is you that it he was for on are as with his they at be this have from or one had by"
    " word but not what all were we when your can said there use an each which she do how their if will up"
    " other about out many then them these so some her would make like him into time has look two more write go"
    " see number no way could people my than first water been call who its now find long down day did get come"
    " made may part",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er"
    " hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor"
    " zur bis mehr durch man sein wurde sei Jahr prozent hatte kann gegen vom können schon wenn habe seine Mark"
    " ihre dann unter wir soll ich eines Uhr keine zwischen neue zwei wurden heute muss Zeit Leben Wasser Haus"
    " immer jetzt",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec ou"
    " son aux cette ses mais comme on tout nous sa fait été aussi leur bien peut ces deux entre sans elle même"
    " après encore ans temps très où dont depuis pays monde année jour vie homme femme eau maison toujours"
    " jamais rien autre autres leurs être avoir faire dire voir savoir pouvoir falloir vouloir venir prendre",
}
_MENU: Final = ("Home", "About us", "Archive", "Contact", "Subscribe to our newsletter", "Search this site")
_FOOTER: Final = ("All rights reserved", "Privacy policy", "Terms of use", "Share this page", "Back to top")


def make_segment(folder: Path) -> None:
    """Write the folders `segment` and `segment-wet`: the same pages, among other records of a crawl."""
    chance = random.Random(1)
    articles = [
        _article(chance, language) for language, number in (("en", 30), ("de", 12), ("fr", 8)) for _ in range(number)
    ]
    articles += articles[:6]  # pages that are found under two addresses
    pages = [Page(_html(each), f"https://example.com/{place}") for place, each in enumerate(articles)]
    others = [
        *(Page(b"<html>gone</html>", f"https://example.com/gone/{place}", status=404) for place in range(7)),
        *(Page(b"", f"https://example.com/moved/{place}", status=301) for place in range(5)),
        *(Page(b"\x89PNG\r\n\x1a\n", f"https://example.com/{place}.png", "image/png") for place in range(4)),
        *(Page(b"%PDF-1.7", f"https://example.com/{place}.pdf", "application/pdf") for place in range(2)),
        Page(b"<html><body><script>draw()</script></body></html>", "https://example.com/app"),
        Page(b"User-agent: *", "https://example.com/robots.txt", "text/plain"),
    ]
    for name, data in {
        "segment/CC-MAIN-00000.warc.gz": crawl([*pages, *others], gz=True),
        "segment-wet/CC-MAIN-00000.warc.wet.gz": wet(["\n".join(_lines(each)) for each in articles], gz=True),
    }.items():
        (folder / name).parent.mkdir()
        (folder / name).write_bytes(data)


def make_shelf(folder: Path) -> None:
    """Write the folder `shelf`: three books as EPUB, one of them as text and as HTML, too."""
    chance = random.Random(2)
    (folder / "shelf").mkdir()
    for name in ("first", "second", "third"):
        chapters = [[_prose(chance, "en", 120) for _ in range(6)] for _ in range(5)]
        parts = {"nav.xhtml": part("Contents")} | {
            f"chapter{place}.xhtml": part("</p><p>".join(chapter)) for place, chapter in enumerate(chapters)
        }
        opf = package(list(parts), properties={"nav.xhtml": "nav"})
        (folder / "shelf" / f"{name}.epub").write_bytes(book(parts, opf))
        if name == "first":
            paragraphs = [paragraph for chapter in chapters for paragraph in chapter]
            (folder / "shelf" / "first.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
            body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
            page = f"<html><head><title>First</title></head><body>{body}</body></html>"
            (folder / "shelf" / "first.html").write_text(page, encoding="utf-8")


def _prose(chance: random.Random, language: str, count: int) -> str:
    return " ".join(chance.choices(_WORDS[language].split(), k=count)).capitalize() + "."


def _article(chance: random.Random, language: str) -> list[str]:
    """The paragraphs of an article."""
    return [_prose(chance, language, chance.randint(40, 90)) for _ in range(chance.randint(3, 8))]


def _lines(article: Sequence[str]) -> list[str]:
    """What a page shows, line by line."""
    return [*_MENU, *article, *_FOOTER]


def _html(article: Sequence[str]) -> bytes:
    menu = "".join(f'<li><a href="/">{each}</a></li>' for each in _MENU)
    foot = "".join(f'<a href="/">{each}</a> ' for each in _FOOTER)
    body = "".join(f"<p>{each}</p>" for each in article)
    page = (
        f"<html><head><title>A page</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article>{body}</article></main><footer>{foot}</footer></body></html>"
    )
    return b"<!DOCTYPE html>" + page.encode()
