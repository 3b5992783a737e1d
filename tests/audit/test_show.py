"""Documents of the catalog, read again as they were counted."""

import json
import os
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.crawls import Page, crawl, html
from made.samples import Counted, ask, count_into, text, write_jsonl

from tokaudit.audit.show import show
from tokaudit.core.errors import InputError, UsageError


def test_every_document_is_shown_as_it_was_counted(counted: Counted) -> None:
    places = ask(counted.catalog, "select path, ordinal, bytes, words from documents order by all")
    shown = [show(counted.catalog, path, ordinal) for path, ordinal, *_ in places]
    lines = (counted.folder / "web" / "pages.jsonl").read_text().splitlines()
    texts = {(str(counted.folder / "web" / "pages.jsonl"), n): json.loads(line)["text"] for n, line in enumerate(lines)}

    assert len(places) == 11
    assert [(row["bytes"], row["words"]) for row in shown] == [(size, words) for *_, size, words in places]
    for (path, ordinal, *_), row in zip(places, shown, strict=True):
        assert row["text"] == texts.get((path, ordinal), Path(path).read_text())


def test_tokens_labels_and_group_go_with_a_document(counted: Counted) -> None:
    folder = counted.folder
    row = show(counted.catalog, str(folder / "web" / "pages.jsonl"), 1)
    kept = show(counted.catalog, str(folder / "books" / "novel.txt"), 0)
    alone = show(counted.catalog, str(folder / "books" / "other.txt"), 0)

    assert (row["tokens"], row["labels"], row["counts"]) == ({"words": 120}, {"licence": "b"}, False)
    assert (row["group"]["kind"], row["group"]["kept_path"]) == ("near", str(folder / "books" / "novel.txt"))
    assert (kept["counts"], kept["group"]["kind"]) == (True, "kept")
    assert (alone["counts"], alone["group"], alone["labels"]) == (True, None, {})


@pytest.mark.parametrize("name", ["pages.jsonl", "web/pages.jsonl", "./web/pages.jsonl"])
def test_a_unique_end_of_a_path_suffices(counted: Counted, name: str) -> None:
    assert show(counted.catalog, name, 0)["path"] == str(counted.folder / "web" / "pages.jsonl")


@pytest.mark.parametrize("name", [".notes.txt", "../.notes.txt"])
def test_a_hidden_file_is_found_by_its_name(catalog: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / ".notes.txt").write_text("hidden")
    count_into(catalog, tmp_path / "x" / ".notes.txt", "web")

    assert show(catalog, name, 0)["text"] == "hidden"


def test_a_path_in_the_working_directory_is_that_file(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(counted.folder / "code" / "b")

    assert show(counted.catalog, "a.py", 0)["path"] == str(counted.folder / "code" / "b" / "a.py")


def test_a_name_of_several_files_lists_them(counted: Counted) -> None:
    with pytest.raises(UsageError, match=r"a\.py: several files .*/code/a\.py, .*/code/b/a\.py$"):
        show(counted.catalog, "a.py", 0)


def test_an_unknown_file_names_a_similar_one(counted: Counted) -> None:
    with pytest.raises(UsageError, match=r"no such file in the catalog; did you mean \S+/web/pages\.jsonl\?$"):
        show(counted.catalog, "web/page.jsonl", 0)
    with pytest.raises(UsageError, match=r"zzz: no such file in the catalog$"):
        show(counted.catalog, "zzz", 0)


def test_a_record_before_the_last_may_be_no_document(tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "a.warc").write_bytes(crawl([Page(html("A text of some words."))]))
    count_into(tmp_path / "c.duckdb", tmp_path / "crawl", "web")

    with pytest.raises(UsageError, match=r"a\.warc: record 1 is not a document; it has 1 document, the last is 2$"):
        show(tmp_path / "c.duckdb", "a.warc", 1)


def test_a_page_without_text_is_said_to_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_bytes(html("<img src=a.png>"))
    (tmp_path / "pages" / "b.html").write_bytes(b"")
    count_into(tmp_path / "c.duckdb", tmp_path / "pages", "web")

    with pytest.raises(UsageError, match=r"a\.html: has no documents; left out by rule: no_text$"):
        show(tmp_path / "c.duckdb", "a.html", 0)
    with pytest.raises(UsageError, match=r"b\.html: has no documents$"):
        show(tmp_path / "c.duckdb", "b.html", 0)


def test_a_record_that_is_not_there_is_told_from_a_bad_one(counted: Counted) -> None:
    with pytest.raises(UsageError, match=r"has no record 9; it has 4 documents, the last is 3$"):
        show(counted.catalog, "pages.jsonl", 9)
    with pytest.raises(
        InputError, match=r"record 4 could not be counted: line 5: .* \(see `tokaudit explain text_type`"
    ):
        show(counted.catalog, "pages.jsonl", 4)


def test_a_record_after_the_readable_part_says_why(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.txt").write_bytes(b"a\0b")
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")

    with pytest.raises(InputError, match=r"record 0 could not be counted: is not text"):
        show(tmp_path / "x.duckdb", "x.txt", 0)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Two texts in one file."""
    write_jsonl(tmp_path / "c" / "x.jsonl", [text(0), text(1)])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    return tmp_path / "x.duckdb"


def test_a_file_that_is_gone_is_refused(catalog: Path, tmp_path: Path) -> None:
    (tmp_path / "c" / "x.jsonl").unlink()

    with pytest.raises(InputError, match="is gone since it was counted"):
        show(catalog, "x.jsonl", 0)


@pytest.mark.parametrize("unseen", [True, False])
def test_a_changed_text_is_never_shown_as_if_counted(catalog: Path, tmp_path: Path, *, unseen: bool) -> None:
    path = tmp_path / "c" / "x.jsonl"
    status = path.stat()
    path.write_text(
        re.sub(r"[a-p](?=\"\})", "q", path.read_text().splitlines()[0]) + "\n" + path.read_text().splitlines()[1]
    )
    if unseen:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    with pytest.raises(InputError, match="record 0 has changed since it was counted; `tokaudit verify c`"):
        show(catalog, "x.jsonl", 0)


def test_a_record_that_only_moved_is_still_shown(catalog: Path, tmp_path: Path) -> None:
    path = tmp_path / "c" / "x.jsonl"
    path.write_text(path.read_text().replace('{"text"', '{"more": 1, "text"'))

    assert show(catalog, "x.jsonl", 1)["text"] == text(1)


def test_a_text_is_shown_after_cleaning(tmp_path: Path) -> None:
    book = f"*** START OF THE PROJECT GUTENBERG EBOOK X ***\n{text(0)}\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n"
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.txt").write_text(book)
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "books")
    count_into(tmp_path / "y.duckdb", tmp_path / "c", "books", clean="none")

    assert show(tmp_path / "x.duckdb", "x.txt", 0)["text"] == f"{text(0)}\n"
    assert show(tmp_path / "y.duckdb", "x.txt", 0)["text"] == book


def test_the_field_that_was_counted_is_shown(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    pq.write_table(
        pa.table({"body": ["one", "two", "three"], "id": [1, 2, 3]}), tmp_path / "c" / "x.parquet", row_group_size=1
    )
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web", text_fields=("body",))

    assert [show(tmp_path / "x.duckdb", "x.parquet", n)["text"] for n in range(3)] == ["one", "two", "three"]
