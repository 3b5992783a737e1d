"""Repairs of markup, against a plain twin with regular expressions."""

from html.entities import html5

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.marked_pages import marked_pages
from made.plain_repairs import MARK, plain_figures, plain_repaired
from made.walls import run_walled

from tokaudit.core.kernels.face import UNDECIDED, repair_markup
from tokaudit.core.types import UInt8
from tokaudit.readers.pages import repairs

TAGS = "<ul|<UL |</ul>|<ul>|</Ul|<li>|<a |<a>|<A\xa0|</a|</a>|</A|<a|<figure>|<FIGCAPTION |</figure/|</f\u0131gure>"
TAGS += "|<f\u0130g|ure>|<figures>|<ulx>|<br/>|<!--|-->|<ol>|<|>|></|/"
SPACES = " |\n|\x0b|\x1c|\x85|\xa0|\u1680|\u2003|\u2028|\u205f|\u3000"
NAMED = "&mdash;|&mdash|&rarr;|&there4;|&nbsp;|&lt;|&notx;|&;|&"
NUMBERED = "&#8212;|&#x2014|&#X2014;|&#151;|&#131;|&#0;|&#13;|&#xd800;|&#xe000;|&#xf8ff;|&#xF900;|&#99999999;|&#x;|&#"
NUMBERED += "|&#123456789;|&#1a;|&#xfdd0;|&#x1fffe;|&#x1F600;|&#x10ffff;|&#x110000;"
TEXT = "a|x|1|_|é|\u07ff|\u0800|\u2014|語|\ud7ff|\ue000|\uf8ff|\uf900|\ufdd0|\uffff|\U0001f600|\u0660|word more text"
CLASSES = "class=|\"|'|-|_|nav|MENU|breadcrumb|breadcrumb\u017f|nav\u0131gation|NAV\u0130GATION|navbar|navy|toc"
PARTS = st.sampled_from(f"{TAGS}|{SPACES}|{NAMED}|{NUMBERED}|{TEXT}|{CLASSES}".split("|"))
MARKUP = st.lists(PARTS, max_size=40).map("".join)
LISTS = st.tuples(
    st.sampled_from(["<ul>", "<ul class='menu'>", "<ul "]), MARKUP, st.sampled_from(["</ul>", ""]), MARKUP
)


@given(html=MARKUP | LISTS.map("".join))
def test_pages_are_repaired_as_by_the_plain_twin(html: str) -> None:
    assert repairs.repaired(html) == plain_repaired(html)
    assert repairs.figures_as_blocks(html) == plain_figures(html)


@given(html=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_text_of_any_characters_is_repaired_as_by_the_plain_twin(html: str) -> None:
    for page in (html, f"<p>{html}<p>", f"<ul>{html}<a>{html}</a{html}</ul>"):
        assert repairs.repaired(page) == plain_repaired(page)


def test_marked_pages_are_repaired_as_by_the_plain_twin() -> None:
    found = [repairs.repaired(page.html) for page in marked_pages()]

    assert found == [plain_repaired(page.html) for page in marked_pages()]
    assert sum(page != marked.html for (page, _), marked in zip(found, marked_pages(), strict=True)) > 5


@pytest.mark.parametrize("between", ["{}", " {}", "{}\n", "\u3000 {} \u2003"])
def test_every_single_character_is_marked_as_by_the_plain_twin(between: str) -> None:
    characters = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    page = "".join(f"<b>{between.format(character)}</b>" for character in characters)

    assert repairs.repaired(page) == plain_repaired(page)


def test_named_and_numbered_references_are_marked_as_by_the_plain_twin() -> None:
    named = [f"&{name}" for name in html5]
    numbered = [f"&#{code};" for code in [*range(0x3000), *range(0xD7F0, 0x10010), *range(0x10FFF0, 0x110010)]]
    cut = [reference.rstrip(";") for reference in named] + [reference[:-2] for reference in named]
    hexadecimal = [f"&#x{int(reference[2:-1]):X}" for reference in numbered]
    page = "".join(f"<b>{reference}</b>" for reference in [*named, *cut, *numbered, *hexadecimal])

    assert repairs.repaired(page) == plain_repaired(page)
    assert repairs.repaired("<b>&rarr;</b>") == (f"<b>&rarr;{MARK}</b>", True)


def test_every_space_ends_a_name_as_in_the_plain_twin() -> None:
    page = "".join(f"<ul{chr(code)}>a</ul>" for code in range(0x10000) if not 0xD800 <= code < 0xE000)

    assert repairs.repaired(page) == plain_repaired(page)


@pytest.mark.parametrize("after", ["é", "—", "\u0660", "\U0001f600", "\U00020000", "\uffff", "_", "-", ""])
def test_a_link_ends_before_what_is_no_part_of_a_word(after: str) -> None:
    for text in ("one", "three letters"):
        page = f"<ul><a>{text}</a{after}>and more</ul>"
        assert repairs.repaired(page) == plain_repaired(page)


def test_characters_of_words_are_asked_for_only_where_they_matter() -> None:
    def result(page: str, is_word: UInt8) -> int:
        data = np.frombuffer(page.encode(), np.uint8)
        names, filled = np.zeros((0, 32), np.uint8), np.zeros(2 * len(data), np.uint8)
        size: int = run_walled(repair_markup, data, 1, names, is_word, filled, np.zeros(2, np.int64))
        return size

    none, all_words = np.zeros(0, np.uint8), np.ones(0x110000, np.uint8)
    for page in ("<ul><a>one</aé></ul>", "<ul><a>one</aé>"):
        assert result(page, none) == UNDECIDED
        assert result(page, all_words) == len(page.encode())
    assert result("<a>one</aé><ul><a>one</a></ul>é", none) > 0


@given(data=st.lists(PARTS.map(str.encode) | st.binary(max_size=3), max_size=30).map(b"".join), whole=st.booleans())
def test_bytes_that_are_not_utf_8_stay_within_the_arrays(data: bytes, whole: bool) -> None:
    names = np.array([b"mdash;"], "S32").view(np.uint8).reshape(-1, 32)
    room = np.zeros(len(data) + len(data) // 4 * 3, np.uint8)
    is_word = np.zeros(0x110000, np.uint8)

    assert (
        0
        <= run_walled(repair_markup, np.frombuffer(data, np.uint8), whole, names, is_word, room, np.zeros(2, np.int64))
        <= len(room)
    )


@pytest.mark.parametrize(
    "page", [">—<" * 1000, "<b>" * 100 + ">&#0<" * 1000, "<ul>" * 2000, "<ul " * 2000 + "</ul>" * 2000, "<a <" * 2000]
)
def test_pages_of_nothing_but_repairs_fit(page: str) -> None:
    assert repairs.repaired(page) == plain_repaired(page)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", ["<ul>", "<ul><a ", "</ul>", "> ", "> &mdash", "<a </a", "<figure", "\u3000>", "<ul nav "]
)
def test_the_time_grows_with_the_page_and_no_faster(part: str) -> None:
    page = part * (4_000_000 // len(part))

    assert len(repairs.repaired(page)[0]) >= len(page) - 1  # as quick as any other, or this would never end
