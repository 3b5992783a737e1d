"""``tokaudit demo``, on a Python that brings little along."""

import json
import sysconfig
from pathlib import Path

import pytest
from made.samples import Run, text

pytestmark = pytest.mark.slow


@pytest.fixture
def little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders where Python's libraries are looked for."""
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
def test_the_demo_counts_plans_twice_and_says_where_its_catalog_is(run: Run) -> None:
    done = run("demo")
    catalog = Path.cwd() / "tokaudit-demo.duckdb"

    assert catalog.is_file()
    assert str(catalog) in done.out
    assert "A run of 1e20 FLOPs on this supply" in done.out
    assert "A run of 1e25 FLOPs on a supply of trillions" in done.out
    assert done.out.count("of the law's draws)") == 2
    assert "1 bad record in 1 file" in done.err
    assert run("--catalog", catalog, "supply", "--by", "language", "--format", "json", "-q").json["rows"]


@pytest.mark.usefixtures("little")
def test_the_demo_leaves_the_catalog_of_real_work_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_CATALOG", "mine.duckdb")

    assert run("demo", "--format", "json", "-q").json["catalog"] == str(Path.cwd() / "tokaudit-demo.duckdb")
    assert [path.name for path in Path.cwd().glob("*.duckdb")] == ["tokaudit-demo.duckdb"]


@pytest.mark.usefixtures("little")
def test_as_json_it_is_one_document_and_may_go_into_the_real_catalog(run: Run) -> None:
    done = run("--catalog", "tokaudit.duckdb", "demo", "--format", "json", "-q").json

    assert done["catalog"] == str(Path.cwd() / "tokaudit.duckdb")
    assert [path.name for path in Path.cwd().glob("*.duckdb")] == ["tokaudit.duckdb"]
    assert {row["domain"]: row["documents_unique"] for row in done["supply"]["rows"]} == {"code": 1, "docs": 2}
    assert [plan["budget"]["flops"] for plan in done["plans"]] == [1e20, 1e25]
    assert json.dumps(done["plans"][0]) != json.dumps(done["plans"][1])
