"""``tokaudit demo``, with a Python that has few libraries."""

import json
import shlex
import shutil
import sysconfig
from pathlib import Path

import pytest
from made.samples import Run, text

from tokaudit.cli import demo
from tokaudit.readers.paths.listing import expand

pytestmark = pytest.mark.slow


@pytest.fixture
def little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders in place of those of Python's libraries."""
    for name, content in {
        "stdlib/one.py": text(1).encode(),
        "stdlib/two.py": text(1).encode(),
        "stdlib/test/broken.py": b"# caf\xe9\n",
        "stdlib/module.so": b"\0",
        "purelib/x.dist-info/METADATA": text(2).encode(),
        "purelib/x/README.md": text(3).encode(),
    }.items():
        (tmp_path / "python" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "python" / name).write_bytes(content)
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "python" / name))
    return tmp_path / "python"


@pytest.mark.usefixtures("little")
def test_the_demo_counts_and_plans_and_names_its_catalog(run: Run) -> None:
    done = run("demo")
    catalog = Path.cwd() / "tokaudit-demo.duckdb"

    assert catalog.is_file()
    assert str(catalog) in done.out
    assert "A run of 1e20 FLOPs on this supply" in done.out
    assert "A run of 1e25 FLOPs on a supply of trillions" in done.out
    assert "Data is the constraint" in done.out
    assert "Compute is the constraint" in done.out
    assert "1 bad record in 1 file (see `tokaudit errors --catalog tokaudit-demo.duckdb`)" in done.err
    assert run("--catalog", catalog, "supply", "--by", "language", "--format", "json", "-q").json["rows"]


@pytest.mark.usefixtures("little")
def test_the_commands_to_try_next_work_for_a_catalog_with_blanks(run: Run) -> None:
    lines = [line.split(maxsplit=1)[1] for line in run("--catalog", "my audit.duckdb", "demo").out.splitlines()[-5:]]

    assert lines[0] == "--catalog 'my audit.duckdb' plan --flops 1e20"
    for line in lines:
        assert run(*shlex.split(line)).out


@pytest.mark.usefixtures("little")
def test_the_demo_does_not_touch_the_default_catalog(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_CATALOG", "mine.duckdb")

    assert run("demo", "--format", "json", "-q").json["catalog"] == str(Path.cwd() / "tokaudit-demo.duckdb")
    assert [path.name for path in Path.cwd().glob("*.duckdb")] == ["tokaudit-demo.duckdb"]


@pytest.mark.usefixtures("little")
def test_the_demo_as_json_is_one_document(run: Run) -> None:
    done = run("--catalog", "tokaudit.duckdb", "demo", "--format", "json", "-q").json

    assert done["catalog"] == str(Path.cwd() / "tokaudit.duckdb")
    assert [path.name for path in Path.cwd().glob("*.duckdb")] == ["tokaudit.duckdb"]
    assert {row["domain"]: row["documents_unique"] for row in done["supply"]["rows"]} == {"code": 1, "docs": 2}
    assert [plan["budget"]["flops"] for plan in done["plans"]] == [1e20, 1e25]
    assert json.dumps(done["plans"][0]) != json.dumps(done["plans"][1])


@pytest.mark.usefixtures("little")
def test_the_demo_says_nothing_of_a_rest_if_there_is_none(run: Run) -> None:
    assert "left out" not in run("demo").out


def test_the_demo_counts_the_first_files_up_to_a_limit(run: Run, little: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        (little / "stdlib" / f"{number}.py").write_text(text(number + 10))
    (little / "stdlib" / "site-packages").mkdir()
    (little / "stdlib" / "site-packages" / "a.py").write_text("not of this Python")
    (little / "stdlib" / "link.py").symlink_to(little / "stdlib" / "0.py")
    size = (little / "stdlib" / "0.py").stat().st_size
    monkeypatch.setattr("tokaudit.cli.demo._MOST_BYTES", {"code": 3 * size, "docs": 3_000_000})
    done = run("demo")
    files = "select source, path from files order by all"
    found = run("--catalog", "tokaudit-demo.duckdb", "query", files, "--format", "json").json["rows"]

    assert "The rest is left out: the demo counts at most 0 MB of code and 3 MB of prose per folder." in done.out
    assert [row["path"].removeprefix(f"{little}/") for row in found] == [
        "purelib/x.dist-info/METADATA",
        "purelib/x/README.md",
        "stdlib/0.py",
        "stdlib/1.py",
    ]


def test_the_demo_lists_no_more_than_it_needs(little: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []

    def list_files(names: list[str]) -> object:
        listed.extend(names)
        return expand(names)

    (little / "purelib" / "z").mkdir()
    monkeypatch.setattr("tokaudit.cli.demo._MOST_BYTES", {"code": 1, "docs": 1})
    monkeypatch.setattr("tokaudit.cli.demo.expand", list_files)
    (little / "purelib" / "x" / "x.py").write_text("x = 1\n")
    found, more = demo._first_files(little / "purelib")  # noqa: SLF001 - nothing else shows it

    assert more
    assert found == {"code": [], "docs": []}
    assert listed == [str(little / "purelib" / "x")]


def test_the_demo_does_without_a_folder_that_does_not_exist(run: Run, little: Path) -> None:
    shutil.rmtree(little / "purelib")
    done = run("demo", "--format", "json", "-q").json

    assert [row["domain"] for row in done["supply"]["rows"]] == ["code"]
