"""Source trees and data sets of source code: which files count, and which labels their documents have."""

import gzip
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.samples import Run, ask, count_into, ingested

from tokaudit.core.batches import Found
from tokaudit.core.plugins import Registry
from tokaudit.ingesters.domains.code import INGESTER
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import Reader


def file(folder: Path, name: str, content: bytes = b"text") -> InputFile:
    (folder / name).write_bytes(content)
    return InputFile(str(folder / name), name, len(content), "")


@pytest.mark.parametrize("name", ["a.py", "Makefile", "README", "a.unknown", ".gitignore", "a.json", "a.html", "a.md"])
def test_every_text_file_is_one_document(tmp_path: Path, name: str) -> None:
    chosen = INGESTER.choose(file(tmp_path, name))

    assert (chosen.reader, chosen.left_out) == ("text", None)


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("logo.PNG", b"text", "binary"),
        ("lib.so", b"text", "binary"),
        ("sources.7z", b"text", "binary"),
        ("program", b"\x7fELF\0", "binary"),
        ("late.py", b"#" * 3_000_000 + b"\0", "binary"),
        ("data.jsonl", b"{}", "data"),
        ("data.ndjson", b"{}", "data"),
        ("notes.txt.gz", b"text", "binary"),
    ],
)
def test_files_that_are_not_source_code_are_left_out_by_rule(
    tmp_path: Path, name: str, content: bytes, rule: str
) -> None:
    chosen = INGESTER.choose(file(tmp_path, name, content))

    assert (chosen.reader, chosen.left_out) == (None, rule)


def test_a_file_that_can_not_be_opened_still_gets_a_reader(tmp_path: Path) -> None:
    assert INGESTER.choose(InputFile(str(tmp_path / "gone.py"), "gone.py", 1, "")).reader == "text"


RECORD = b'{"content": "x = 1", "lang": "Python"}\n'


@pytest.mark.parametrize(
    ("name", "content", "chosen"),
    [
        ("stack.jsonl", RECORD, ("jsonl", None)),
        ("stack.jsonl.gz", gzip.compress(RECORD, mtime=0), ("jsonl", None)),
        ("paths.jsonl", b'{"code": "x", "repo_name": "a/b", "path": "c.py"}\n', ("jsonl", None)),
        ("texts.jsonl", b'{"text": "no code"}\n', (None, "data")),
        ("metrics.jsonl", b'{"language": "python", "files": 5}\n', (None, "data")),
        ("numbers.jsonl", b"1\n2\n", (None, "unreadable")),
        ("words.jsonl", b"not JSON\n", (None, "unreadable")),
        ("empty.jsonl", b"", (None, "data")),
        ("cut.jsonl.gz", gzip.compress(RECORD * 999, mtime=0)[:-20], ("jsonl", None)),  # the reader refuses it
        ("bad.jsonl.gz", b"text", (None, "unreadable")),
        ("bad.parquet", b"PAR1", (None, "unreadable")),
        ("table.csv", b"lang,content\n", ("text", None)),
        ("table.tsv", b"a\tb\n", ("text", None)),
        ("one.json", RECORD, ("text", None)),
    ],
)
def test_a_table_counts_if_it_is_a_data_set_of_source_code(
    tmp_path: Path, name: str, content: bytes, chosen: tuple[str | None, str | None]
) -> None:
    found = INGESTER.choose(file(tmp_path, name, content))

    assert (found.reader, found.left_out) == chosen


@pytest.mark.parametrize(("columns", "reader"), [(["content", "lang"], "parquet"), (["content", "stars"], None)])
def test_a_parquet_file_counts_by_its_columns(tmp_path: Path, columns: list[str], reader: str | None) -> None:
    pq.write_table(pa.table({column: ["x"] for column in columns}), tmp_path / "x.parquet")

    assert INGESTER.choose(InputFile(str(tmp_path / "x.parquet"), "x.parquet", 1, "")).reader == reader


class Archive(Reader):
    """Stands for a reader of archives."""

    suffixes = (".tar", ".zip", ".jar", ".whl")
    is_archive = True
    is_table = True

    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Nothing."""
        raise NotImplementedError


@pytest.fixture
def further_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers of archives, notebooks and CSV, in place of those that are there."""
    table = type("Table", (Archive,), {"suffixes": (".csv", ".json"), "is_archive": False, "is_table": True})
    notebook = type("Notebook", (Archive,), {"suffixes": (".ipynb",), "is_archive": False, "is_table": False})
    plugs: dict[str, Reader] = {"archive": Archive(), "csv": table(), "notebook": notebook()}
    monkeypatch.setattr(Registry, "names", lambda _: sorted(plugs))
    monkeypatch.setattr(Registry, "get", lambda _, name: plugs[name])

    def claiming(name: str) -> str | None:
        return next((plug for plug in plugs if name.removesuffix(".gz").endswith(plugs[plug].suffixes)), None)

    monkeypatch.setattr("tokaudit.ingesters.domains.code.reader_by_name", claiming)


@pytest.mark.usefixtures("further_readers")
@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("sources.tar", ("archive", None)),
        ("sources.tar.gz", ("archive", None)),
        ("sources.zip", ("archive", None)),
        ("classes.jar", (None, "binary")),
        ("built.whl", (None, "binary")),
        ("a.ipynb", ("notebook", None)),
        ("a.csv", ("text", None)),
        ("a.json", ("text", None)),
    ],
)
def test_archives_and_notebooks_are_read_where_there_is_a_reader(
    tmp_path: Path, name: str, chosen: tuple[str | None, str | None]
) -> None:
    found = INGESTER.choose(file(tmp_path, name))

    assert (found.reader, found.left_out) == chosen


def test_without_a_reader_of_notebooks_one_is_a_text(tmp_path: Path) -> None:
    if "notebook" not in READERS.names():
        assert INGESTER.choose(file(tmp_path, "a.ipynb", b"{}")).reader == "text"


def labels(below: str, content: bytes = b"x\n") -> Mapping[str, str]:
    """The labels of a member of an archive."""
    return INGESTER.labels(InputFile("/x/sources.tar", below, len(content), "", data=content))


def test_every_document_has_a_value_of_each_label() -> None:
    assert labels("a.py") == {
        "language": "python",
        "vendored": "false",
        "generated": "false",
        "licence_file": "false",
    }
    assert labels("x/vendor/jquery.min.js") == {
        "language": "javascript",
        "vendored": "true",
        "generated": "true",
        "licence_file": "false",
    }
    assert labels("third_party/zlib/LICENSE") == {
        "language": "other",
        "vendored": "true",
        "generated": "false",
        "licence_file": "true",
    }


def test_the_first_line_names_the_language_of_a_script_without_a_suffix() -> None:
    assert labels("bin/run", b"#!/usr/bin/env python3\n")["language"] == "python"


@pytest.mark.parametrize("size", [10, 300_000])
@pytest.mark.parametrize("held", [True, False])
def test_labels_do_not_depend_on_whether_a_file_is_held(tmp_path: Path, size: int, held: bool) -> None:
    filler = b"x = 1;\n" * (size // 7)
    found = file(tmp_path, "a.js", b"#!/usr/bin/env node\n" + filler + b"//# sourceMappingURL=a.js.map\n")
    if held:
        found = replace(found, data=(tmp_path / "a.js").read_bytes())

    assert INGESTER.labels(found)["generated"] == "true"
    assert INGESTER.labels(replace(found, below="vendor/a.py")) == {
        "language": "python",
        "vendored": "true",
        "generated": "false",
        "licence_file": "false",
    }


def test_a_compressed_file_is_labelled_by_what_is_inside(tmp_path: Path) -> None:
    found = file(tmp_path, "a.py.gz", gzip.compress(b"# Generated by x\n", mtime=0))

    assert (INGESTER.labels(found)["language"], INGESTER.labels(found)["generated"]) == ("python", "true")
    assert INGESTER.labels(file(tmp_path, "b.py.gz", b"no gzip"))["generated"] == "false"


def test_a_file_that_can_only_be_read_forwards_has_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forwards(io.BytesIO):
        def seek(self, *_: int) -> int:
            raise ValueError("forwards only")

    content = b"# Generated by x\n" + b"x = 1\n" * 20_000
    monkeypatch.setattr(InputFile, "open", lambda _: Forwards(content))

    assert INGESTER.labels(InputFile("http://x/a.py", "a.py", len(content), ""))["generated"] == "true"


def test_the_library_that_names_languages_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    file(tmp_path / "tree", "a.py")
    count_into(tmp_path / "x.duckdb", tmp_path / "tree", "code")
    ((settings,),) = ask(tmp_path / "x.duckdb", "select settings from ingests")

    assert json.loads(settings)["label_library"].startswith("pygments ")


def shard(folder: Path, name: str, records: list[dict[str, object]]) -> None:
    """Write records as JSON lines or Parquet, as the suffix says."""
    folder.mkdir(exist_ok=True)
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(records), folder / name)
    else:
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records))


def languages(catalog: Path) -> dict[str | None, int]:
    """The number of documents by language."""
    rows = ask(catalog, "select value, count(*) from labels where name = 'language' group by all")
    return dict(rows)


@pytest.mark.slow
def test_records_of_code_have_their_language_in_lower_case(tmp_path: Path) -> None:
    folder, catalog = tmp_path / "stack", tmp_path / "x.duckdb"
    shard(folder, "a.jsonl", [{"content": "a b", "lang": "Python"}, {"content": "c", "lang": None, "language": "C++"}])
    shard(folder, "b.parquet", [{"content": "d e f", "language": "Makefile"}, {"content": "g", "language": None}])
    shard(folder, "c.jsonl", [{"content": "h", "programming_language": "python"}])
    (folder / "d.py").write_text("i j")
    result = count_into(catalog, folder, "code")

    assert (result.files, result.documents, result.tokens) == (4, 6, {"words": 10})
    assert languages(catalog) == {"python": 3, "c++": 1, "make": 1}
    assert ask(catalog, "select distinct name from labels where name like 'language%'") == [("language",)]


@pytest.mark.slow
def test_counting_records_of_code_again_is_nothing_to_do(tmp_path: Path) -> None:
    folder, catalog = tmp_path / "stack", tmp_path / "x.duckdb"
    shard(folder, "a.jsonl", [{"content": "a b", "lang": "Python"}])
    first, again = count_into(catalog, folder, "code"), count_into(catalog, folder, "code")

    assert (first.files_unchanged, again.files_unchanged, again.documents) == (0, 1, 1)


@pytest.mark.slow
def test_a_language_label_that_the_user_asks_for_is_kept_as_it_stands(tmp_path: Path) -> None:
    folder, catalog = tmp_path / "stack", tmp_path / "x.duckdb"
    shard(folder, "a.jsonl", [{"content": "a", "lang": "Python", "dialect": "Python 3"}])
    count_into(catalog, folder, "code")
    before = languages(catalog)
    count_into(catalog, folder, "code", labels={"stars": "stars"})
    between = languages(catalog)
    count_into(catalog, folder, "code", labels={"language": "dialect"})

    assert (before, between, languages(catalog)) == ({"python": 1}, {"python": 1}, {"Python 3": 1})


@pytest.mark.slow
def test_other_domains_get_no_label_unasked(tmp_path: Path) -> None:
    shard(tmp_path / "pages", "a.jsonl", [{"content": "a", "language": "en"}])
    count_into(tmp_path / "x.duckdb", tmp_path / "pages", "web")

    assert languages(tmp_path / "x.duckdb") == {}


@pytest.mark.slow
def test_ingesting_code_labels_languages_and_leaves_out_the_rest(run: Run, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name, content in {
        "a.py": b"print(1)\n",
        "b.rs": b"fn main() {}\n",
        "Makefile": b"all:\n",
        "notes": b"plain",
        ".git/config": b"[core]",
        "logo.png": b"\x89PNG",
        "data": b"\0\1",
        "empty.py": b"",
    }.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    result = ingested(run, tree, "--domain", "code")
    by_label = run("supply", "--by", "language,licence_file", "--format", "json").json["rows"]
    left = run("query", "left_out", "--format", "json").json["rows"]

    assert (result["files"], result["documents"]) == (5, 4)
    assert [row["language"] for row in by_label] == ["make", "other", "python", "rust"]
    assert {row["licence_file"] for row in by_label} == {"false"}
    assert {row["rule"]: row["files"] for row in left} == {"binary": 2, "vcs": 1}


def test_an_e_book_in_a_source_tree_is_binary() -> None:
    assert INGESTER.choose(InputFile("/x/a.epub", "a.epub", 9, "", data=b"PK\x03\x04\0")).left_out == "binary"
