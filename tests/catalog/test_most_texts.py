"""More texts than can be numbered."""

from pathlib import Path

import pytest
from made.samples import ask, count_into, text, write_jsonl

from tokaudit.catalog import most_texts
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.most_texts import MOST_TEXTS, check_capacity
from tokaudit.core.errors import InputError


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a catalog have five texts at most."""
    monkeypatch.setattr(most_texts, "MOST_TEXTS", 5)


def write(folder: Path, name: str, texts: int) -> None:
    """Write a file of distinct texts."""
    write_jsonl(folder / name, [text(100 * ord(name[0]) + seed) for seed in range(texts)])


def paths(catalog: Path) -> list[str]:
    """The names of the files that are counted."""
    return [Path(path).name for (path,) in ask(catalog, "select path from files order by 1")]


@pytest.mark.usefixtures("few")
def test_as_many_texts_as_can_be_numbered_are_counted(tmp_path: Path) -> None:
    write(tmp_path / "s", "a.jsonl", 5)

    assert count_into(tmp_path / "x.duckdb", tmp_path / "s", "web").documents == 5


@pytest.mark.usefixtures("few")
def test_more_texts_than_can_be_numbered_are_refused_and_leave_no_trace(tmp_path: Path) -> None:
    write(tmp_path / "s", "a.jsonl", 6)

    with pytest.raises(InputError, match=r"would have 6 texts, and at most 5 can be grouped; count .* --catalog"):
        count_into(tmp_path / "x.duckdb", tmp_path / "s", "web")
    assert paths(tmp_path / "x.duckdb") == []


@pytest.mark.usefixtures("few")
def test_a_full_catalog_refuses_before_it_reads_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "s", "a.jsonl", 5)
    count_into(tmp_path / "x.duckdb", tmp_path / "s", "web")
    write(tmp_path / "t", "b.jsonl", 1)
    monkeypatch.setattr("tokaudit.pipeline.ingest.run", lambda *_: pytest.fail("it was read"))

    with pytest.raises(InputError, match="would have 6 texts"):
        count_into(tmp_path / "x.duckdb", tmp_path / "t", "web")


@pytest.mark.usefixtures("few")
def test_a_full_catalog_still_knows_its_files(tmp_path: Path) -> None:
    write(tmp_path / "s", "a.jsonl", 5)
    count_into(tmp_path / "x.duckdb", tmp_path / "s", "web")

    assert count_into(tmp_path / "x.duckdb", tmp_path / "s", "web").files_unchanged == 1


def test_numbers_of_texts_wrap_just_behind_the_most(tmp_path: Path) -> None:
    write(tmp_path / "s", "a.jsonl", 1)
    catalog = tmp_path / "x.duckdb"
    count_into(catalog, tmp_path / "s", "web")
    with write_transaction(catalog) as connection:
        connection.execute("update store.fragments set texts = $most", {"most": 2**32 - 1})
    with open_readonly(catalog) as connection:
        check_capacity(connection, 1, 0)
        with pytest.raises(InputError, match="4,294,967,296 texts"):
            check_capacity(connection, 0, 1)
        with pytest.raises(InputError, match="4,294,967,297 texts"):
            check_capacity(connection, 2**32, 0)
    assert MOST_TEXTS + 1 == 2**32
