"""The text of a page from its bytes: kinds, settings, and damaged or hostile pages."""

from dataclasses import replace
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages.page_text import page_text

MAIN, ALL = Extraction(), Extraction(main_content=False)
both = pytest.mark.parametrize("extraction", [MAIN, ALL], ids=["main", "all"])


def text_of(html: str, extraction: Extraction = MAIN, kind: PageKind = PageKind.HTML) -> str:
    return page_text(kind, html.encode(), None, extraction)


def test_an_extraction_names_library_version_and_settings() -> None:
    library, books = (
        f"resiliparse {version('resiliparse')}",
        "books without navigation, cover, imprint, gutenberg-licence",
    )

    assert MAIN.identity == f"{library}: main content with lists and figures; {books}"
    assert ALL.identity == f"{library}: visible text with figures; {books}"
    assert replace(ALL, front_matter=True).identity == f"{library}: visible text with figures; whole books"


@both
@pytest.mark.parametrize("kind", [PageKind.HTML, PageKind.XHTML])
@pytest.mark.parametrize(("figure", "caption"), [("figure", "figcaption"), ("FIGURE", "FigCaption")])
def test_tables_listings_quotations_and_captions_of_figures_count(
    extraction: Extraction, kind: PageKind, figure: str, caption: str
) -> None:
    html = (
        f"<html><body><main><p>Some text.</p><{figure} class='wp-block-table'><table><tr><td>Cell</td></tr></table>"
        f"<{caption}>A caption</{caption}></{figure}><{figure}><pre>code</pre></{figure}><{figure}><img src='a.png'/>"
        f"</{figure}><{figure}><blockquote><p>A quotation.</p></blockquote></{figure}><p>More.</p></main></body></html>"
    )

    assert text_of(html, extraction, kind).split() == "Some text. Cell A caption code A quotation. More.".split()


def test_main_content_has_no_menus_and_visible_text_has_them() -> None:
    html = (
        "<html><head><title>T</title></head><body><nav><a href=/>Home</a></nav><main><h1>Title</h1><p>Some text.</p>"
        "</main><footer>Imprint</footer></body></html>"
    )
    assert text_of(html) == "Title\n\nSome text."
    assert text_of(html, ALL) == "Home\n\nTitle\n\nSome text.\n\nImprint"


@both
def test_blocks_rows_and_preformatted_text_keep_their_lines(extraction: Extraction) -> None:
    html = "<h1>A</h1><p>b<br>c</p><table><tr><td>1<td>2<tr><td>3<td>4</table><pre>x\n  y\n\nz</pre>"
    assert text_of(html, extraction) == "A\n\nb\nc\n\n1\t\t2\n3\t\t4\nx\n  y\n\nz"


@both
def test_white_space_around_the_text_is_left_out(extraction: Extraction) -> None:
    assert text_of("\n <p>&nbsp; a  b </p><p> </p>\n", extraction) == "a b"


@both
def test_scripts_styles_templates_and_forms_are_no_text(extraction: Extraction) -> None:
    html = "<script>1</script><style>2</style><template>3</template><textarea>4</textarea><button>5</button>"
    assert (
        text_of(f"<p>a</p>{html}<noscript>6</noscript><!-- 7 --><svg><text>8</text></svg><p>b", extraction) == "a\n\nb"
    )


def test_hidden_elements_are_visible_text_only() -> None:
    html = "<p>a</p><div hidden>b</div><div style='display:none'>c</div>"
    assert text_of(html) == "a"
    assert text_of(html, ALL) == "a\n\nb\nc"


@both
def test_lists_are_written_without_bullets_and_numbers(extraction: Extraction) -> None:
    html = "<p>a</p><ul><li>one<ul><li>two</ul></ul><ol><li>three</ol>"
    assert text_of(html, extraction).split() == ["a", "one", "two", "three"]


@pytest.mark.parametrize(
    "within", ["{}", "<div>{}</div>", "<main>{}</main>", "<div><div><div><div>{}</div></div></div></div>"]
)
def test_a_list_of_text_is_content_and_a_list_of_links_is_not(within: str) -> None:
    content = "<UL class=x><li>An item with <a href=b>one link</a> in it</li></UL>"
    menu = "<ul>\n  <li><a href=a>Home</a></li>\n  <li><a href=b>News and <b>more</b></a></li>\n</ul>"
    assert (
        text_of(f"<p>Start.</p>{within.format(content + menu)}").split("\n")[-1].strip()
        == "An item with one link in it"
    )


def test_a_list_whose_class_is_a_menu_is_not_content() -> None:
    assert text_of("<p>a</p><ul class='nav navbar'><li>b</ul><ul id=\"top-menu\"><li>c</ul>") == "a"


@pytest.mark.parametrize("links", [0, 1, 4, 40])
@pytest.mark.parametrize("first", ["links", "text"])
@pytest.mark.parametrize("more", [-1, 0])
def test_a_list_of_any_length_is_content_up_to_half_of_its_letters(links: int, first: str, more: int) -> None:
    linked = "<li><a>Lë nk</a>" * links
    others = "<li>wörd" * links + "<li>x" * (10 + more) + "<li><a>even longer</a>"
    items = linked + others if first == "links" else others + linked
    items += '<li class="item">' * 1_000  # so that the start decides, where it does
    page = f"<nav>Menu</nav><ul>{items}</ul><main><p>Some text.</p></main>"

    assert ("even longer" in text_of(page)) == (more == 0)


def test_of_nested_lists_the_outermost_decides() -> None:
    content = "<p>a</p><ul><li>Much text that is no link<ul><li><a href=b>b</a></ul></ul>"
    menu = "<p>a</p><ul><li><a href=b>Much text that is a link</a><ul><li>b</ul></ul>"
    assert text_of(content).split()[-2:] == ["link", "b"]
    assert text_of(menu) == "a"


def test_lists_that_end_too_often_or_never_lose_nothing() -> None:
    assert text_of("<p>a</p></ul><ul><li>b</ul></ul><p>c<ul><li>d").split() == ["a", "b", "c", "d"]


@both
@pytest.mark.parametrize("between", ["–", "&ndash;", "&#8211;", "&#x2013", " – ", "中", "…"])  # noqa: RUF001
def test_a_lone_character_between_two_elements_is_kept(between: str, extraction: Extraction) -> None:
    text = text_of(f"<p><a href=a>1979</a>{between}<a href=b>1983</a></p>", extraction)
    assert text.startswith("1979")
    assert text.endswith("1983")
    assert len(text) >= 9


@both
def test_lone_chinese_characters_are_kept(extraction: Extraction) -> None:
    html = "<h1>龍</h1><p>あ<b>中</b>い</p><table><tr><td>男<td>&#22899;</table><p><ruby>漢<rt>かん</rt>字</ruby></p>"
    assert text_of(html, extraction) == "龍\n\nあ中い\n\n男\t\t女\n\n漢かん字"


def test_icons_of_private_use_are_no_main_content() -> None:
    assert text_of("<p>a<i>\ue001</i><i>&#xe002;</i>b</p>") == "ab"


@both
def test_entities_without_semicolon_are_characters(extraction: Extraction) -> None:
    assert text_of("<p>caf&eacute &amp tea &lt 3 &copy 2024 &notit", extraction) == "café & tea < 3 © 2024 ¬it"


@both
def test_numbers_that_are_no_characters_become_replacements(extraction: Extraction) -> None:
    assert text_of("<p>x&#xD800;y&#x110000;z&#0;</p>", extraction) == "x\ufffdy\ufffdz\ufffd"


@both
def test_a_page_without_closing_tags_is_read_to_its_end(extraction: Extraction) -> None:
    html = "<html><body><h1>T<p>one<p>two<ul><li>a<li>b<table><tr><td>c"
    assert text_of(html, extraction).split() == ["T", "one", "two", "a", "b", "c"]


@both
def test_both_bodies_of_a_page_are_read(extraction: Extraction) -> None:
    html = "<html><body><p>one</p></body><body class=b><p>two</p></body></html>"
    assert text_of(html, extraction) == "one\n\ntwo"


@both
@pytest.mark.parametrize(
    "html",
    [
        "",
        " \r\n",
        "<html></html>",
        "<html><head><script>var a = '<p>no text'</script></head><body><script>write()</script></body></html>",
        "<html><frameset cols='*,*'><frame src=a><frame src=b><noframes>Use frames.</noframes></frameset></html>",
        "<!-- never closed <p>text",
        "<p class='never closed>text",
        "\0\0",
    ],
)
def test_a_page_without_text_is_empty(html: str, extraction: Extraction) -> None:
    assert text_of(html, extraction) == ""


@both
def test_zero_bytes_in_html_are_left_out(extraction: Extraction) -> None:
    assert text_of("<p>a\0b</p>\0<p>c and more", extraction) == "ab\n\nc and more"


def test_plain_text_is_decoded_and_nothing_else() -> None:
    text = " <p>a</p>\r\n\0\tb &amp; <ul>\n"
    assert text_of(text, MAIN, PageKind.PLAIN) == text_of(text, ALL, PageKind.PLAIN) == text


@both
@pytest.mark.parametrize(
    "empty",
    ["<title/>", "<script src='a>b' />", '<style type="x"/>', "<textarea rows='1'/>", "<iframe src=a/b />"]
    + ["<xmp/>", "<noscript/>", "<div hidden='hidden'/>", "<nav/>", "<a id='x'/>", "<TITLE/>"],
)
def test_empty_elements_of_xhtml_swallow_nothing(empty: str, extraction: Extraction) -> None:
    html = f'<?xml version="1.0"?><html><head></head><body>{empty}<p>text<br/>more</p></body></html>'
    assert text_of(html, extraction, PageKind.XHTML) == "text\nmore"


@both
def test_character_data_of_xhtml_is_text(extraction: Extraction) -> None:
    html = "<body><p>a <![CDATA[<b> & ]]>c</p><script><![CDATA[ no ]]></script><p>d<![CDATA[e"
    assert text_of(html, extraction, PageKind.XHTML) == "a <b> & c\n\nde"


def test_a_slash_at_the_end_of_an_html_tag_means_nothing() -> None:
    assert text_of("<head><title/></head><body><p>text</p>") == ""
    assert text_of("<body><div/><p>text</p>") == "text"


@both
@pytest.mark.parametrize("element", ["b", "span", "ul><li", "table><tr><td", "blockquote"])
def test_deeply_nested_elements_are_read(element: str, extraction: Extraction) -> None:
    assert text_of(f"<{element}>" * 2_000 + "x", extraction) == "x"


@pytest.mark.slow
@pytest.mark.parametrize("element", ["div", "b", "ul><li", "table><tr><td"])
def test_a_hundred_thousand_nested_elements_do_not_crash(element: str) -> None:
    assert text_of(f"<{element}>" * 100_000 + "x", ALL) == "x"


@both
@pytest.mark.parametrize("text", ["abc def\n" * 1_250_000, "a" * 10_000_000], ids=["lines", "one line"])
@pytest.mark.slow
def test_preformatted_text_of_10_mb_is_kept(text: str, extraction: Extraction) -> None:
    assert text_of(f"<pre>{text}</pre>", extraction) == text.strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", ["<ul>", "</ul>", "<a>", "<ul><li><a href=x>", "<!--", "&", '<p x="', "<![CDATA[", "<x/"]
)
def test_a_megabyte_of_one_tag_takes_no_time(part: str) -> None:
    for kind in (PageKind.HTML, PageKind.XHTML):
        page_text(kind, (part * (200_000 // len(part))).encode() + b"\xe9", "utf-8", ALL)


@given(
    st.lists(
        st.one_of(
            st.text(st.characters(codec="utf-8"), max_size=5),
            st.sampled_from(
                "<ul> </ul> <li> <a> </a> <p> <b> </b> <div/> <title/> <script> <![CDATA[ ]]> & &#8211; 中".split()
            ),
        ),
        max_size=30,
    ),
    st.sampled_from([PageKind.HTML, PageKind.XHTML, PageKind.PLAIN]),
)
def test_any_page_becomes_valid_text(parts: list[str], kind: PageKind) -> None:
    for extraction in (MAIN, ALL):
        text = text_of("".join(parts), extraction, kind)
        assert text.encode().decode() == text
        assert kind == PageKind.PLAIN or text == text.strip()
