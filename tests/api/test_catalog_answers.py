"""Comparisons and saved plans of a catalog in Python: what the commands say, and plans that come back whole."""

import logging
from pathlib import Path

import pandas as pd
import pytest
from made.frames import records
from made.samples import Counted, Run, count_into, text, write_jsonl

import tokaudit
from tokaudit.api.catalog import Catalog
from tokaudit.core.errors import CatalogError, UsageError

TYPES = {"Int64", "Float64", "boolean", "string", "datetime64[us]"}


@pytest.fixture
def there(copy: Path) -> Catalog:
    """A catalog of its own, with counts."""
    return tokaudit.open(copy)


@pytest.mark.parametrize("by", ["domain", "source"])
def test_a_comparison_of_catalogs_is_the_json_of_the_command(
    there: Catalog, counted: Counted, run: Run, by: str
) -> None:
    there.forget("small" if "small" in set(there.status()["source"]) else there.status()["source"].iloc[0])
    frame = there.diff(counted.catalog, by=by)  # type: ignore[arg-type] # one of the two
    document = run("--json", "diff", there.path, counted.catalog, "--by", by).json

    assert records(frame) == document.pop("rows")
    assert len(frame) > 0
    assert frame.attrs == document
    assert {"total", "settings", "warnings"} <= set(frame.attrs)
    assert set(map(str, frame.dtypes)) <= TYPES
    pd.testing.assert_frame_equal(there.diff(tokaudit.open(counted.catalog), by=by), frame)  # type: ignore[arg-type]


def test_a_catalog_compared_with_itself_has_no_rows_but_types(there: Catalog) -> None:
    frame = there.diff(there)

    assert len(frame) == 0
    assert set(map(str, frame.dtypes)) <= TYPES
    assert frame.attrs["total"]["tokens_unique"]["change"] == 0


def test_what_is_not_a_catalog_cannot_be_compared(there: Catalog) -> None:
    with pytest.raises(UsageError, match=r"^other: None is neither a path nor a catalog$"):
        there.diff(None)  # type: ignore[arg-type] # the point of the test
    with pytest.raises(UsageError, match=r"^by: unknown value 'label'"):
        there.diff(there, by="label")  # type: ignore[arg-type] # likewise
    with pytest.raises(CatalogError, match="missing"):
        there.diff(there.path.with_name("missing.duckdb"))


def test_saved_plans_are_listed_as_the_command_lists_them(there: Catalog, run: Run) -> None:
    assert len(there.plans()) == 0
    tokaudit.plan(1e22, supply={"web": 1e12}, save="stated", catalog=there)
    tokaudit.plan("1e12", supply=there, save="measured")
    frame = there.plans()
    rows = run("--catalog", there.path, "--json", "plans").json["rows"]

    assert list(frame["name"]) == ["measured", "stated"]
    assert list(frame["supply_changed"].astype(object)) == [False, pd.NA]
    assert set(map(str, frame.dtypes)) <= TYPES
    assert records(frame.drop(columns="saved")) == [
        {name: value for name, value in row.items() if name != "saved"} for row in rows
    ]


TABLE = pd.DataFrame({"domain": ["web", "code"], "tokens_unique": [2e12, 1e11], "tokens_unique_low": [1e12, None]})
ASKED = {
    "mapping": {"supply": {"a, b=c": 1e12, "code": 10**12}, "mixture": {"a, b=c": 0.5, "code": 0.5}},
    "table": {"supply": TABLE, "max_epochs": (4, {"code": 2})},
    "published": {"supply": "published", "price_gpu_hour": 2},
    "stages": {
        "supply": {"web": 1e12},
        "stage": [{"stage": "main", "share": 1, "mixture": {"web": 1}}],
        "inference_tokens": 10**13,
    },
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_saved_plan_comes_back_whole(asked: str, tmp_path: Path) -> None:
    made = tokaudit.plan(10**25, **ASKED[asked], save="mine", catalog=tmp_path / "new.duckdb")  # type: ignore[arg-type]
    found = tokaudit.open(tmp_path / "new.duckdb").plan("mine")

    assert type(found) is tokaudit.Plan
    assert found == made
    assert (found.to_dict(), found.to_text(), found._repr_html_()) == (
        *(made.to_dict(), made.to_text(), made._repr_html_()),
    )


def test_a_name_is_used_once_unless_forced(there: Catalog) -> None:
    first = tokaudit.plan(1e22, supply={"web": 1e12}, save="mine", catalog=there)
    with pytest.raises(UsageError, match=r"already has a plan mine; pass force=True to replace it"):
        tokaudit.plan(1e23, supply={"web": 1e12}, save="mine", catalog=there)
    assert there.plan("mine") == first
    second = tokaudit.plan(1e23, supply={"web": 1e12}, save="mine", force=True, catalog=there)
    assert there.plan("mine") == second
    there.forget_plan("mine")
    with pytest.raises(UsageError, match="saved plan 'mine'"):
        there.plan("mine")
    with pytest.raises(UsageError, match="has no saved plan 'mine'"):
        there.forget_plan("mine")


@pytest.mark.slow
def test_a_plan_whose_supply_changed_is_warned_of(there: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    tokaudit.plan("1e12", supply=there, save="mine")
    with caplog.at_level(logging.WARNING, "tokaudit"):
        there.plan("mine")
    assert caplog.messages == []
    write_jsonl(there.path.parent / "more" / "x.jsonl", [text(300)])
    count_into(there.path, there.path.parent / "more", "web")
    with caplog.at_level(logging.WARNING, "tokaudit"):
        there.plan("mine")

    assert "the supply of mine has changed since: web" in caplog.text


def test_a_comparison_of_plans_is_the_json_of_the_command(there: Catalog, run: Run) -> None:
    tokaudit.plan(1e22, supply={"web": 1e12, "code": 1e11}, save="a", catalog=there)
    tokaudit.plan(1e24, supply=TABLE, save="b", catalog=there)
    frame = there.diff_plans("a", "b")
    document = run("--catalog", there.path, "--json", "diff", "plan:a", "plan:b").json

    assert records(frame) == document.pop("rows")
    assert frame.attrs == document
    assert set(map(str, frame.dtypes)) <= TYPES
    with pytest.raises(UsageError, match="saved plan 'c'"):
        there.diff_plans("a", "c")
