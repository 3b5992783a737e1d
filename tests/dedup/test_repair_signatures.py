"""A catalog that lacks signatures: writers refuse it before anything is written, and a repair makes it usable."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made.samples import Run, altered, ask, count_into, derived, text, write_jsonl

from tokaudit.catalog.layout import parts_folder
from tokaudit.core.logged_progress import LoggedProgress
from tokaudit.core.progress import ignore
from tokaudit.pipeline.forget import forget
from tokaudit.pipeline.verify import repair

pytestmark = pytest.mark.slow


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog of two sources, each with a fragment, with near-duplicates inside and across."""
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(0), altered(text(0), 2), text(1)])
    write_jsonl(tmp_path / "b" / "x.jsonl", [altered(text(1), 3), text(2), text(3)])
    count_into(tmp_path / "x.duckdb", tmp_path / "a", "web")
    count_into(tmp_path / "x.duckdb", tmp_path / "b", "web")
    return tmp_path / "x.duckdb"


def _without_the_folder(parts: Path) -> None:
    shutil.rmtree(parts)


def _without_its_files(parts: Path) -> None:
    for file in parts.iterdir():
        file.unlink()


def _without_one_file(parts: Path) -> None:
    min(parts.iterdir()).unlink()


def _with_a_file_cut_off(parts: Path) -> None:
    file = min(parts.iterdir())
    file.write_bytes(file.read_bytes()[:-10])


def _with_a_damaged_file(parts: Path) -> None:
    file = min(parts.iterdir())
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 64
    file.write_bytes(content)


def _with_a_file_of_another(parts: Path) -> None:
    first, second = sorted(parts.iterdir())[:2]
    second.write_bytes(first.read_bytes())


LOSSES: list[Callable[[Path], None]] = [
    _without_the_folder,
    _without_its_files,
    _without_one_file,
    _with_a_file_cut_off,
    _with_a_damaged_file,
    _with_a_file_of_another,
]
each_loss = pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__.strip("_"))


@each_loss
@pytest.mark.parametrize("command", ["ingest c --domain web --on-bad-record skip", "forget a", "retry bad", "run"])
def test_writers_refuse_before_anything_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lose: Callable[[Path], None], command: str
) -> None:
    if lose in {_with_a_damaged_file, _with_a_file_of_another}:  # here, each file has the same size or is alone
        pytest.skip("a look at the folder does not show it")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.jsonl").write_text("no record\n")
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(0), text(1)])
    write_jsonl(tmp_path / "c" / "x.jsonl", [text(4)])
    (tmp_path / "tokaudit.toml").write_text('[sources.c]\npaths = "c"\ndomain = "web"\n')
    run("ingest", "a", "--domain", "web", "-q")
    run("ingest", "bad.jsonl", "--domain", "web", "--source", "bad", "--on-bad-record", "skip", "-q", code=1)
    before = Path("tokaudit.duckdb").read_bytes()
    answer = run("supply", "--json").out
    lose(Path("tokaudit.duckdb.parts"))
    refused = run(*command.split(), "-q", code=4)

    (line,) = refused.err.splitlines()
    assert line.startswith(f"tokaudit: {Path('tokaudit.duckdb.parts').resolve()}: ")
    assert "run `tokaudit verify --repair`" in line
    assert Path("tokaudit.duckdb").read_bytes() == before
    assert run("supply", "--json").out == answer


def _repaired(catalog: Path) -> tuple[int, list[Any]]:
    with LoggedProgress() as progress:
        return repair(catalog, 2, progress)


@each_loss
def test_a_repair_makes_the_catalog_what_it_was(catalog: Path, tmp_path: Path, lose: Callable[[Path], None]) -> None:
    before = derived(catalog)
    lose(parts_folder(catalog))
    made, gone = _repaired(catalog)

    assert made in {3, 6}
    assert gone == []
    assert derived(catalog) == before
    assert _repaired(catalog) == (0, [])
    write_jsonl(tmp_path / "c" / "x.jsonl", [altered(text(0), 1), altered(text(3), 1)])
    count_into(catalog, tmp_path / "c", "web")
    assert ask(catalog, "select count(*)::int from documents where source = 'c' and not counts") == [(2,)]


def test_texts_that_are_gone_are_listed_and_stay_counted(catalog: Path, tmp_path: Path) -> None:
    before = derived(catalog)
    (tmp_path / "a" / "x.jsonl").unlink()
    _without_the_folder(parts_folder(catalog))
    made, gone = _repaired(catalog)

    assert made == 3
    assert [(row["source"], Path(row["path"]).parent.name, row["kind"]) for row in gone] == [("a", "a", "signatures")]
    assert "3 texts" in gone[0]["why"]
    assert derived(catalog) == before


def test_writing_goes_on_when_texts_are_gone(catalog: Path, tmp_path: Path) -> None:
    # Once the kept text is gone, its two near-duplicates are compared with each other: neither has a signature.
    write_jsonl(tmp_path / "0" / "x.jsonl", [altered(text(0), 1)])
    count_into(catalog, tmp_path / "0", "web")
    whole = tmp_path / "whole.duckdb"
    shutil.copy(catalog, whole)
    shutil.copytree(parts_folder(catalog), parts_folder(whole))
    (tmp_path / "a" / "x.jsonl").unlink()
    _without_the_folder(parts_folder(catalog))
    _repaired(catalog)
    write_jsonl(tmp_path / "c" / "x.jsonl", [altered(text(3), 2)])
    for each in (catalog, whole):
        count_into(each, tmp_path / "c", "web")
        forget(each, "0", ignore)

    kept = "select path, ordinal from documents where counts order by all"
    assert ask(catalog, kept) == ask(whole, kept)
    assert ask(catalog, "select count(*) from duplicates where isnan(similarity)") == [(0,)]


def test_verify_lists_lost_signatures_and_repairs_them_when_asked(run: Run, catalog: Path) -> None:
    _without_one_file(parts_folder(catalog))
    found = run("--catalog", catalog, "verify", "--json", code=1).json
    assert [(row["kind"], row["source"]) for row in found["rows"]] == [("signatures", None)]
    sample = run("--catalog", catalog, "verify", "--sample", "1%", "--json", code=1).json
    assert [row["kind"] for row in sample["rows"]] == ["signatures"]
    repaired = run("--catalog", catalog, "verify", "--repair", "--json").json

    assert (repaired["signatures_made"], repaired["complete"], repaired["rows"]) == (3, True, [])
