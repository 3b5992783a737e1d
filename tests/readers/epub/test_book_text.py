"""The text of a book is what its parts show, without navigation, cover, imprint and the licence of Gutenberg."""

import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.epubs import PART, part

from tokaudit.core.extraction import Extraction
from tokaudit.readers.epub.book_text import book_text
from tokaudit.readers.pages.parts import pack_parts
from tokaudit.readers.pages.xhtml import as_html

WHOLE = Extraction(main_content=False, front_matter=True)
CLEANED = Extraction(main_content=False)


def text_of(*parts: str, extraction: Extraction = CLEANED) -> str:
    return book_text(pack_parts([each.encode() for each in parts]), extraction)


def test_parts_are_joined_by_a_blank_line_and_empty_ones_left_out() -> None:
    assert text_of(part("One"), part(""), part("Two &amp; three")) == "One\n\nTwo & three"
    assert text_of() == ""


@pytest.mark.parametrize(
    "kind",
    "toc landmarks page-list loi lot loa lov cover copyright-page colophon imprint".split(),
)
@pytest.mark.parametrize("element", ["section", "nav", "div", "body"])
def test_an_element_that_is_not_the_book_itself_is_left_out(kind: str, element: str) -> None:
    aside = (
        PART.format(body=f'<body epub:type="z3998:x {kind}"><p>aside</p></body>')
        if element == "body"
        else part("aside", kind=f"{kind} z3998:x", element=element)
    )

    assert text_of(aside, part("Book")) == "Book"
    assert text_of(aside, part("Book"), extraction=WHOLE) == "aside\n\nBook"


@pytest.mark.parametrize(
    "kind", ["titlepage", "halftitlepage", "dedication", "preface", "endnotes", "appendix", "tocs"]
)
def test_title_pages_and_all_other_kinds_count(kind: str) -> None:
    assert text_of(part("kept", kind=kind)) == "kept"


def test_tables_and_captions_of_figures_count() -> None:
    figure = "<figure><table><tr><td>Cell</td></tr></table><figcaption>A caption</figcaption></figure>"

    assert text_of(part(f"One</p>{figure}<p>Two")).split() == ["One", "Cell", "A", "caption", "Two"]


@pytest.mark.parametrize("mark", ['class="pg-boilerplate pgheader"', 'id="pg-header"', 'id="pg-footer"'])
def test_the_sections_of_gutenberg_are_left_out(mark: str) -> None:
    book = PART.format(body=f"<body><section {mark}><p>licence</p></section><p>Book</p></body>")

    assert text_of(book) == "Book"
    assert text_of(book, extraction=WHOLE) == "licence\n\nBook"


@pytest.mark.parametrize(
    ("xhtml", "text"),
    [
        ("<p>a</p><script src='x'/><p>b</p>", "a\n\nb"),
        ("<p>a<a id='x'/>b</p><p/><p>c<br/>d</p>", "ab\n\nc\nd"),
        ('<p>a</p><iframe src="a > b"/><textarea title="/"/><p>b</p>', "a\n\nb"),
        ("<p>a<![CDATA[<b>&amp;]]>c</p>", "a<b>&amp;c"),
        ("<p>a<![CDATA[b</p>", "ab</p></body></html>"),
        ("<ol><li>a</li><li>b</li></ol><img alt='x'/>", "a\n  b"),
        ("<p>&nbsp;x&#8217;y&mdash;z</p>", "x\u2019y\u2014z"),
    ],
)
def test_xhtml_is_read_as_xml_means_it(xhtml: str, text: str) -> None:
    assert text_of(PART.format(body=f"<body>{xhtml}</body>")) == text


WORDS = st.text(st.sampled_from("ab\u00e9\u4e00 "), max_size=12)
ELEMENTS = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, children: f"<{tag}>{''.join(children)}</{tag}>" if children else f"<{tag}/>",
        st.sampled_from("p div i a span section blockquote h2 td".split()),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@given(st.lists(ELEMENTS, max_size=5))
def test_no_character_is_lost_against_an_xml_parser(elements: list[str]) -> None:
    body = f"<body>{''.join(elements)}</body>"
    plain = "".join(ET.fromstring(body).itertext())  # noqa: S314 - made here

    assert "".join(text_of(PART.format(body=body)).split()) == "".join(plain.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["<a b", "<a b='", "<", "<![CDATA[", "<a  ", "<p a='b' ", "<a/", "<p/>", "<a b=c "], ids=repr
)
def test_hostile_parts_take_linear_time(piece: str) -> None:
    begun = time.perf_counter()
    as_html(piece * (3_000_000 // len(piece)))

    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(("between", "behind"), [("", "</div>" * 2000), ("x</div>", "")], ids=["nested", "in a row"])
def test_thousands_of_elements_are_left_out_in_no_time(between: str, behind: str) -> None:
    elements = f'<div epub:type="toc">{between}' * 2000 + behind
    begun = time.process_time()

    assert text_of(PART.format(body=f"<body>{elements}<p>Book</p></body>")) == "Book"
    assert time.process_time() - begun < 2
