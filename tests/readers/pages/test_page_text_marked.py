"""The text of pages whose body was marked by hand: `made.marked_pages` says how, and where they are from."""

from collections.abc import Sequence

import pytest
from made.marked_pages import Agreement, MarkedPage, agreement, marked_pages, pooled

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages.page_text import page_text

WITH_NAVIGATION = tuple(page for page in marked_pages() if page.has_navigation)


def found(pages: Sequence[MarkedPage], *, main_content: bool) -> list[Agreement]:
    chosen = Extraction(main_content=main_content)
    return [agreement(page_text(PageKind.HTML, page.html.encode(), None, chosen), page.body) for page in pages]


def mean_f1(pages: Sequence[Agreement]) -> float:
    return sum(page.f1 for page in pages) / len(pages)


def test_every_marked_page_has_a_name_an_origin_and_a_licence() -> None:
    pages = marked_pages()
    assert len({page.name for page in pages}) == len(pages) == 42
    assert {page.licence for page in pages} == {"Apache-2.0", "MIT OR Apache-2.0", "CC-BY-SA-4.0"}
    assert all(page.origin.startswith("http") for page in pages)


def test_marked_words_are_words_of_the_page() -> None:
    for page, all_text in zip(marked_pages(), found(marked_pages(), main_content=False), strict=True):
        assert all_text.recall > 0.96 or not page.body, page.name


def test_main_content_agrees_with_the_marked_bodies() -> None:
    pages = found(marked_pages(), main_content=True)
    total = pooled(pages)
    assert mean_f1(pages) > 0.93  # measured: 0.937
    assert total.precision > 0.97  # 0.977
    assert total.recall > 0.965  # 0.973


def test_main_content_beats_visible_text() -> None:
    main, visible = (found(marked_pages(), main_content=main) for main in (True, False))
    assert mean_f1(main) > mean_f1(visible) + 0.03  # measured: 0.937 and 0.902
    assert pooled(main).precision > pooled(visible).precision


def test_main_content_beats_visible_text_where_there_are_menus() -> None:
    main, visible = (found(WITH_NAVIGATION, main_content=main) for main in (True, False))
    assert len(WITH_NAVIGATION) == 14
    assert mean_f1(main) > mean_f1(visible) + 0.03  # measured: 0.897 and 0.862
    assert pooled(main).f1 > pooled(visible).f1 + 0.02  # 0.952 and 0.927


@pytest.mark.parametrize("name", ["kafka-coding-guide", "kafka-podcasts", "kafka-get-started", "kafka-contact"])
def test_lists_of_content_near_the_top_of_a_page_are_kept(name: str) -> None:
    (page,) = (page for page in marked_pages() if page.name == name)
    assert found([page], main_content=True)[0].f1 > 0.99


@pytest.mark.parametrize("name", ["kafka-36-streams-architecture", "kafka-36-streams-developer-guide-manage-topics"])
def test_a_page_that_scripts_write_has_no_main_content(name: str) -> None:
    (page,) = (page for page in marked_pages() if page.name == name)
    assert page_text(PageKind.HTML, page.html.encode(), None, Extraction()) == ""
