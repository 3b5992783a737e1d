"""``tokaudit merge``."""

import json
from pathlib import Path

import duckdb
import pytest
from made.samples import Run, count_into, text, write_jsonl


@pytest.fixture
def apart(tmp_path: Path) -> list[Path]:
    """Two catalogs that share a text."""
    for name, texts in (("a", [text(0), text(1)]), ("b", [text(1), text(2), text(3)])):
        write_jsonl(tmp_path / name / "x.jsonl", texts)
        count_into(tmp_path / f"{name}.duckdb", tmp_path / name, "web")
    return [tmp_path / "a.duckdb", tmp_path / "b.duckdb"]


@pytest.mark.slow
def test_merge_makes_one_catalog_of_several(run: Run, apart: list[Path], tmp_path: Path) -> None:
    new = tmp_path / "new.duckdb"
    done = run("--catalog", new, "merge", *apart, "--json").json
    again = run("--catalog", new, "merge", *apart)

    assert done.pop("seconds") >= 0
    assert done == {
        "rows": [
            {"catalog": str(apart[0]), "files": 1, "files_known": 0, "documents": 2},
            {"catalog": str(apart[1]), "files": 1, "files_known": 0, "documents": 3},
        ],
        "files": 2,
        "documents": 5,
        "complete": True,
        "warnings": [],
    }
    assert again.out.splitlines()[0].split() == ["catalog", "files", "files_known", "documents"]
    assert run("--catalog", new, "supply", "--json").json["total"]["documents_unique"] == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "why", "code"),
    [
        (("a.duckdb", "a.duckdb"), "a.duckdb: is named twice (a.duckdb is the same file)", 2),
        (("a.duckdb", "link"), "link: is named twice (a.duckdb is the same file)", 2),
        (("b.duckdb",), "b.duckdb: is the catalog that the others are merged into", 2),
        (("no.duckdb",), "no.duckdb: no catalog found", 4),
        (("empty.duckdb",), "`tokaudit --catalog empty.duckdb upgrade`", 4),
        (("text",), "text: can't be opened as a catalog", 4),
        ((), "name the catalogs to add", 2),
    ],
)
def test_what_is_no_catalog_to_add_is_refused(
    run: Run, apart: list[Path], monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], why: str, code: int
) -> None:
    monkeypatch.chdir(apart[0].parent)
    Path("link").symlink_to("a.duckdb")
    Path("text").write_text("no catalog\n" * 1000)
    duckdb.connect("empty.duckdb").close()
    done = run("--catalog", "b.duckdb", "merge", *given, code=code)

    assert why in done.err
    assert done.out == ""


@pytest.mark.slow
def test_events_say_which_catalog_is_merged(run: Run, apart: list[Path]) -> None:
    done = run("--catalog", apart[0], "merge", apart[1], "--progress", "json", "--json")
    phases = [event.get("phase") for event in map(json.loads, done.err.splitlines())]

    assert "merging b.duckdb" in phases
