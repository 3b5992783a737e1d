"""Files that belong to pages are known by their names."""

import pytest

from tokaudit.readers.pages.assets import is_asset, pages_of


@pytest.mark.parametrize(
    "path",
    [
        "a/style.css", "a/App.JS", "a/x.min.mjs", "a/x.js.map", "logo.svg", "site.webmanifest", "manifest.json",
        "robots.txt", "sitemap.xml", "sitemap-2.xml", "sitemap_index.xml", "post-sitemap.xml", "feed.xml", "rss.xml",
        "index.xml", "atom.xml", "browserconfig.xml", "a/app.js?v=3.1", "a/style.css?ver=1&x=y", "jquery.js.download",
    ],
)  # fmt: skip
def test_scripts_styles_feeds_and_the_like_are_assets(path: str) -> None:
    assert is_asset(path)


@pytest.mark.parametrize(
    "path",
    [
        "a/notes.txt",
        "data.json",
        "records.jsonl",
        "a.xml",
        "book.pdf",
        "robots.txt.md",
        "css",
        "a.css/readme",
        "x.mhtml",
    ],
)
def test_texts_and_data_are_no_assets(path: str) -> None:
    assert not is_asset(path)


def test_a_folder_of_a_saved_page_names_its_page() -> None:
    assert pages_of("a/Page_files") == ["a/Page.html", "a/Page.htm", "a/Page.xhtml"]
    assert pages_of("Page-Dateien")[0] == "Page.html"
    assert pages_of("a/files") == []
