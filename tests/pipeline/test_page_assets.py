"""Scripts, styles and the like next to pages are left out by a rule of their own; anywhere else they are not."""

from pathlib import Path

import pytest

from tokaudit.core.left_out_rules import RULES
from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.select import Selection, select

PAGE = "<!doctype html><p>text"
RECORD = '{"text": "a"}\n'
ASSET = "page_assets"


def chosen(folder: Path, domain: str = "web", *paths: str) -> tuple[dict[str, str], dict[str, str]]:
    """The reader of each file that counts, and the rule of each other file, by their paths below the folder."""
    wanted = [str(folder / path) for path in paths] or [str(folder)]
    selected, left = select(Selection(wanted), ingester_of(domain))
    rules = {str(Path(item.path).relative_to(folder)): item.rule for item in left}
    return {str(Path(item.file.path).relative_to(folder)): item.reader for item in selected}, rules


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


MIRROR = {
    "host/index.html": PAGE,
    "host/a/page.php": PAGE,
    "host/a/raw.php": "<?php echo 1; ?>",
    "host/a/x.htm": PAGE,
    "host/a/x.xhtml": PAGE,
    "host/a/x.shtml": PAGE,
    "host/a/x.aspx?id=3": PAGE,
    "host/a/frames.html": "<html><frameset><frame src=x.htm></frameset></html>",
    "host/.cache/index.html": PAGE,
    "host/css/style.css": "a {}",
    "host/js/app.js?v=2": "go()",
    "host/js/app.js.map": '{"version":3,"sources":[]}',
    "host/logo.svg": "<svg></svg>",
    "host/manifest.json": '{"name": "x"}',
    "host/robots.txt": "User-agent: *",
    "host/sitemap.xml": "<?xml version='1.0'?><urlset/>",
    "cdn/lib.mjs": "go()",
    "host/notes.txt": "a text that counts",
    "host/page.mhtml": "From: <Saved by Blink>\nMIME-Version: 1.0\n",
    "host/data.xml": "<?xml version='1.0'?><data/>",
}


def test_a_mirror_of_a_site_is_read_without_its_assets(tmp_path: Path) -> None:
    counted, left = chosen(write(tmp_path, **MIRROR))

    assert counted == {
        "host/index.html": "html",
        "host/a/page.php": "html",
        "host/a/x.htm": "html",
        "host/a/x.xhtml": "html",
        "host/a/x.shtml": "html",
        "host/a/x.aspx?id=3": "html",
        "host/a/frames.html": "html",
        "host/notes.txt": "text",
    }
    assert left == {
        "host/.cache/index.html": "hidden",
        "host/css/style.css": ASSET,
        "host/js/app.js?v=2": ASSET,
        "host/js/app.js.map": ASSET,
        "host/logo.svg": ASSET,
        "host/manifest.json": ASSET,
        "host/robots.txt": ASSET,
        "host/sitemap.xml": ASSET,
        "cdn/lib.mjs": ASSET,
        "host/a/raw.php": "unclaimed",
        "host/page.mhtml": "unclaimed",
        "host/data.xml": "unclaimed",
    }
    assert not RULES[ASSET].incomplete


def test_what_a_browser_saved_with_a_page_belongs_to_it(tmp_path: Path) -> None:
    files = {
        "A page.html": PAGE,
        "A page_files/app.js.download": "go()",
        "A page_files/css2": "a {}",
        "A page_files/f.txt": "go()",
        "A page_files/frame.html": PAGE,
        "A page_files/deep/x": "go()",
        "Other_files/f.txt": "a text of a folder whose page is not there",
    }
    counted, left = chosen(write(tmp_path, **files))

    assert sorted(counted) == ["A page.html", "A page_files/frame.html", "Other_files/f.txt"]
    assert set(left.values()) == {ASSET}


def test_records_with_a_stray_script_stay_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, **{"a.jsonl": RECORD, "clean.js": "go()", "robots.txt": "text"})

    assert chosen(tmp_path) == ({"a.jsonl": "jsonl", "robots.txt": "text"}, {"clean.js": "unclaimed"})


def test_a_script_next_to_records_is_none_of_pages_elsewhere(tmp_path: Path) -> None:
    files = {"docs/x.html": PAGE, "docs/x.js": "go()", "data/a.jsonl": RECORD, "data/a.js": "go()", "a/b/c.js": "go()"}
    _, left = chosen(write(tmp_path, **files))

    assert left == {"docs/x.js": ASSET, "data/a.js": "unclaimed", "a/b/c.js": ASSET}


def test_folders_far_from_pages_have_no_assets(tmp_path: Path) -> None:
    write(tmp_path, **{"site/deep/x.html": PAGE, "site/x.js": "go()", "tools/x.js": "go()"})

    assert chosen(tmp_path)[1] == {"site/x.js": ASSET, "tools/x.js": "unclaimed"}


@pytest.mark.parametrize("domain", ["web", "books", "of-my-own"])
def test_the_rule_holds_for_all_domains_of_prose(tmp_path: Path, domain: str) -> None:
    assert chosen(write(tmp_path, **{"x.html": PAGE, "x.css": "a {}"}), domain)[1] == {"x.css": ASSET}


def test_scripts_and_styles_count_as_code(tmp_path: Path) -> None:
    counted, left = chosen(write(tmp_path, **{"x.html": PAGE, "x.css": "a {}", "robots.txt": "x"}), "code")

    assert counted == dict.fromkeys(["x.html", "x.css", "robots.txt"], "text")
    assert left == {}


def test_a_file_that_is_named_is_counted(tmp_path: Path) -> None:
    write(tmp_path, **{"x.html": PAGE, "robots.txt": "x", "x.css": "a {}"})
    counted, left = chosen(tmp_path, "web", "x.html", "robots.txt", "x.css")

    assert counted == {"x.html": "html", "robots.txt": "text", "x.css": "text"}
    assert left == {}
