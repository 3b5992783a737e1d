"""``tokaudit show``."""

import subprocess
import sys
from pathlib import Path

import pytest
from made.documents import on_a_terminal
from made.samples import Counted, Run, count_into


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A catalog with one text of line ends, escapes and no line break at its end."""
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.txt").write_bytes("\ufeffa\r\nb\x1b[31mc\té\x0b\n\n d".encode())
    count_into(tmp_path / "odd.duckdb", tmp_path / "c", "web")
    return tmp_path / "odd.duckdb"


def test_a_pipe_gets_the_bytes_that_were_counted(odd: Path) -> None:
    call = [sys.executable, "-m", "tokaudit", "--catalog", str(odd), "show", "x.txt", "0"]
    shown = subprocess.check_output(call, env={"PYTHONIOENCODING": "latin-1", "PYTHONPATH": ":".join(sys.path)})

    assert shown == (odd.parent / "c" / "x.txt").read_bytes()


def test_a_terminal_gets_harmless_text_and_a_line_break(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = on_a_terminal(["--catalog", str(odd), "show", "x.txt", "0"])

    assert shown == "\\ufeffa\nb\\x1b[31mc\té\\x0b\n\n d"


def test_json_has_the_text_with_all_that_is_known(run: Run, counted: Counted) -> None:
    found = run("--catalog", counted.catalog, "show", "web/note.md", 0, "--json").json

    assert found == {
        "path": str(counted.folder / "web" / "note.md"),
        "ordinal": 0,
        "source": "web",
        "domain": "web",
        "offset": 0,
        "bytes": 8,
        "words": 2,
        "tokens": {"words": 2},
        "labels": {},
        "counts": True,
        "group": None,
        "decoded_with": None,
        "complete": True,
        "warnings": [],
        "text": "A note.\n",
    }


def test_csv_has_one_row(run: Run, counted: Counted) -> None:
    shown = run("--catalog", counted.catalog, "show", "web/note.md", 0, "--format", "csv").out

    known = "path,ordinal,source,domain,offset,bytes,words,tokens,labels,counts,group,decoded_with"
    assert shown.splitlines()[0] == f"{known},complete,warnings,text"
    assert shown.endswith(",True,,,True,[],A note.\\x0a\n")
    raw = run("--catalog", counted.catalog, "show", "web/note.md", 0, "--format", "csv", "--raw").out
    assert raw.endswith(',True,,,True,[],"A note.\n"\n')


@pytest.mark.parametrize(
    ("arguments", "code"), [(("nope", 0), 2), (("note.md", 1), 2), (("note.md", -1), 2), (("pages.jsonl", 4), 3)]
)
def test_what_can_not_be_shown_has_an_exit_code(
    run: Run, counted: Counted, arguments: tuple[object], code: int
) -> None:
    assert run("--catalog", counted.catalog, "show", "--", *arguments, code=code).out == ""
