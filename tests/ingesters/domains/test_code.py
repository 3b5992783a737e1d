"""Source trees: which files are source code, and in which language."""

from pathlib import Path

import pytest
from made.samples import Run, ingested

from tokaudit.ingesters.domains.code import INGESTER
from tokaudit.readers.files import InputFile


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
        ("sources.tar.gz", b"text", "binary"),
        ("program", b"\x7fELF\0", "binary"),
        ("late.py", b"#" * 3_000_000 + b"\0", "binary"),
        ("data.jsonl", b"{}", "data"),
        ("data.ndjson", b"{}", "data"),
        ("data.jsonl.gz", b"text", "data"),
        ("notes.txt.gz", b"text", "binary"),
        ("data.parquet", b"PAR1", "data"),
    ],
)
def test_files_that_are_not_source_code_are_left_out_by_rule(
    tmp_path: Path, name: str, content: bytes, rule: str
) -> None:
    chosen = INGESTER.choose(file(tmp_path, name, content))

    assert (chosen.reader, chosen.left_out) == (None, rule)


def test_a_file_that_can_not_be_opened_still_gets_a_reader(tmp_path: Path) -> None:
    assert INGESTER.choose(InputFile(str(tmp_path / "gone.py"), "gone.py", 1, "")).reader == "text"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a.py", "python"),
        ("A.PY", "python"),
        ("a.test.ts", "typescript"),
        ("a.h", "c"),
        ("a.hpp", "c++"),
        ("Makefile", "make"),
        ("Dockerfile", "dockerfile"),
        ("CMakeLists.txt", "cmake"),
        ("notes.txt", "text"),
        ("LICENSE", "other"),
        ("a.", "other"),
        ("py", "other"),
        (".py", "python"),
        ("a.unknown", "other"),
    ],
)
def test_the_name_decides_on_the_language(name: str, language: str) -> None:
    assert INGESTER.labels(InputFile(f"/x/{name}", name, 0, "")) == {"language": language}


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
    languages = run("supply", "--by", "language", "--format", "json").json["rows"]
    left = run("query", "left_out", "--format", "json").json["rows"]

    assert (result["files"], result["documents"]) == (5, 4)
    assert [row["language"] for row in languages] == ["make", "other", "python", "rust"]
    assert {row["rule"]: row["paths"] for row in left} == {"binary": 2, "vcs": 1}
