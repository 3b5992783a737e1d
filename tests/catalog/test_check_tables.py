"""A damaged block is noticed before anything is counted."""

from pathlib import Path

import duckdb
import pytest
from made.samples import Run, count_into, text, write_jsonl

from tokaudit.catalog.check_tables import check_tables
from tokaudit.core.errors import CatalogError

pytestmark = pytest.mark.slow

BLOCK = 262_144
HEADERS = 3 * 4096


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog whose documents fill blocks of their own."""
    write_jsonl(tmp_path / "a" / "x.jsonl", [f"{seed} {text(seed, 8)}" for seed in range(6000)])
    count_into(tmp_path / "x.duckdb", tmp_path / "a", "web")
    return tmp_path / "x.duckdb"


def blocks_of(catalog: Path, table: str) -> list[int]:
    """Numbers of the blocks of a table."""
    with duckdb.connect(catalog, read_only=True) as connection:
        sql = f"select distinct block_id from pragma_storage_info('store.{table}') where block_id >= 0 order by 1"  # noqa: S608 - a table
        return [block for (block,) in connection.execute(sql).fetchall()]


@pytest.mark.parametrize("table", ["documents_here", "token_counts_here", "known_runs"])
def test_a_damaged_block_is_named_before_anything_is_counted(
    run: Run, catalog: Path, tmp_path: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(catalog.read_bytes())
    content[HEADERS + blocks_of(catalog, table)[0] * BLOCK + BLOCK // 2] ^= 64
    catalog.write_bytes(content)
    write_jsonl(tmp_path / "b" / "x.jsonl", [text(0)])
    monkeypatch.setattr("tokaudit.pipeline.ingest.run", lambda *_: pytest.fail("it counts"))
    refused = run("--catalog", catalog, "ingest", tmp_path / "b", "--domain", "web", "-q", code=4)

    (line,) = refused.err.splitlines()
    assert line.startswith(f"tokaudit: {catalog}: is damaged: can't read ")
    assert f"store.{table}" in line.partition("Corrupt database file")[0]
    assert "restore a backup, or count into another --catalog; still readable, by `tokaudit query " in line
    assert "store.files" in line.rpartition("and alike: ")[2]


def test_a_whole_catalog_is_read_without_a_word(catalog: Path) -> None:
    check_tables(catalog)


def test_a_cut_off_catalog_is_damaged(catalog: Path) -> None:
    content = catalog.read_bytes()
    catalog.write_bytes(content[: len(content) // 2])
    with pytest.raises(CatalogError, match=r"is damaged|is cut off"):
        check_tables(catalog)
