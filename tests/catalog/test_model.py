"""The model of a catalog says what holds in one: keys tell rows apart, and references lead somewhere."""

from pathlib import Path

import duckdb
import pytest
from made.samples import Counted, count_into, overlapping_sources, write_jsonl

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.model import KEYS, KINDS, REFERENCES, model_of, shipped_views
from tokaudit.catalog.reference.tables import REFERENCE_TABLES
from tokaudit.core.errors import CatalogError, UsageError


@pytest.fixture(scope="module")
def crossed(counted: Counted, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The small catalog, and one whose sources contain each other's texts and labels."""
    folder = tmp_path_factory.mktemp("crossed")
    overlapping_sources(folder / "crossed.duckdb", folder)
    page = write_jsonl(folder / "labelled" / "x.jsonl", ["one two", "three"], a=["1", "2"], b=["3", "4"])
    count_into(folder / "crossed.duckdb", page.parent, "web", labels={"a": "a", "b": "b"})
    return [counted.catalog, folder / "crossed.duckdb"]


def quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def test_every_view_has_a_key_or_says_that_it_has_none() -> None:
    assert set(shipped_views()) <= set(KEYS)
    assert {view for view, key in KEYS.items() if not key} == {
        *("bad_records", "left_out", "published_dedup", "stocks", "unfinished"),
    }


@pytest.mark.parametrize("view", [view for view in shipped_views() if KEYS[view]])
def test_a_key_tells_all_rows_apart(view: str, crossed: list[Path]) -> None:
    for catalog in crossed:
        with open_readonly(catalog) as connection:
            rows = f"from {view} select count(*), count(distinct ({quoted(KEYS[view])}))"
            ((all_of_them, different),) = connection.execute(rows).fetchall()

        assert all_of_them == different


@pytest.mark.parametrize(
    ("view", "column"), [(view, column) for view in shipped_views() for column in REFERENCES.get(view, {})]
)
def test_a_reference_leads_to_a_row(view: str, column: str, crossed: list[Path]) -> None:
    other, _, there = REFERENCES[view][column].partition(".")
    for catalog in crossed:
        with open_readonly(catalog) as connection:
            lost = f'from {view} select count(*) where "{column}" not in (from {other} select "{there}")'

            assert connection.execute(lost).fetchall() == [(0,)]


def test_a_column_leads_to_the_same_place_in_every_measured_view() -> None:
    measured = [view for view in model_of(None) if view.kind == "measured"]
    leads = {column: target for view in measured for column, target in REFERENCES.get(view.name, {}).items()}
    # An ingest, what it left out, and unfinished work may be of a source that was forgotten or has no file.
    free = {
        ("unfinished", "source"),
        ("ingests", "source"),
        ("left_out", "source"),
        ("left_out", "path"),
        ("bad_records", "ordinal"),
        ("files", "path"),
    }
    without = [
        (view.name, column.name)
        for view in measured
        for column in view.columns
        if column.name in leads and not column.refers_to and leads[column.name] != f"{view.name}.{column.name}"
    ]

    assert set(without) == free


def test_the_model_names_columns_that_there_are() -> None:
    columns = {view.name: {column.name: column for column in view.columns} for view in model_of(None)}
    keys = {(view, column) for view in columns for column in KEYS[view]}
    found = {(view, name) for view, named in columns.items() for name, column in named.items() if column.is_key}

    assert found == keys
    for view in columns:
        for column, target in REFERENCES.get(view, {}).items():
            other, _, there = target.partition(".")
            assert columns[view][column].refers_to == target
            assert there in columns[other]


def test_a_new_catalog_has_the_views_of_a_counted_one(counted: Counted) -> None:
    new, old = model_of(None), model_of(counted.catalog)

    assert new == old
    assert [view.name for view in new] == shipped_views()
    assert all(view.comment and column.comment for view in new for column in view.columns)


def test_views_of_published_facts_are_told_from_measured_ones() -> None:
    kinds = {view.name: view.kind for view in model_of(None)}

    assert {name for name, kind in kinds.items() if kind == "published"} == {table.name for table in REFERENCE_TABLES}
    assert (kinds["supply"], kinds["laws"], kinds["law_draws"]) == ("measured", "saved", "saved")
    assert set(kinds.values()) < set(KINDS)


def test_views_and_tables_of_the_user_come_last_and_are_marked(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("create view mine as select path as where_it_lies from files")
        connection.execute("create table also_mine (n bigint)")
        connection.execute("comment on table also_mine is 'Numbers.'")
    *_, first, second = model_of(copy)

    assert (first.name, first.kind, first.comment) == ("also_mine", "own", "Numbers.")
    assert (second.name, second.kind, second.comment) == ("mine", "own", "")
    assert [(column.name, column.type, column.comment) for column in second.columns] == [
        ("where_it_lies", "VARCHAR", "")
    ]


def test_one_view_is_found_by_its_name(counted: Counted) -> None:
    (groups,) = model_of(counted.catalog, "groups")

    assert [column.name for column in groups.columns if column.is_key] == ["path", "ordinal"]
    with pytest.raises(UsageError, match="unknown view 'group'"):
        model_of(counted.catalog, "group")


def test_a_missing_catalog_has_no_model(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog found"):
        model_of(tmp_path / "none.duckdb")
