"""Laws saved in the catalog."""

import math
from pathlib import Path

import duckdb
import numpy as np
import pytest
from made.runs import BESIROGLU, on_budgets, repeated, scattered

from tokaudit.catalog.connection import open_readonly
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.core.resources import shipped
from tokaudit.laws.find import find_law, law_names
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Fit
from tokaudit.laws.protocol import LossLaw, Repetition
from tokaudit.laws.published import LAWS
from tokaudit.laws.saved import check_name, forget_law, save_law, saved_law, saved_names


def fit(method: str = "isoflop", draws: int = 20) -> Fit:
    runs = on_budgets(noise=1e-3) if method == "isoflop" else scattered(count=20, noise=1e-3)
    return METHODS.get(method)(runs, draws=draws)


@pytest.mark.slow
def test_a_saved_law_comes_back_with_its_draws(tmp_path: Path) -> None:
    path, found = tmp_path / "c.duckdb", fit("parametric")
    save_law(path, "ours", "parametric", "runs.csv", found)
    law, draws = saved_law(path, "ours")

    assert isinstance(law, LossLaw)
    assert dict(law.constants) == found.constants
    assert list(draws) == list(found.draws)
    for name, values in draws.items():
        assert (values == found.draws[name]).all()
    assert law.metadata.source.startswith("fitted on runs.csv (parametric, 20 runs, 20")
    assert law.metadata.valid == found.runs.valid()
    assert law.metadata.interval is not None
    assert law.metadata.interval.bounds == {name: found.interval[name] for name in found.constants}
    assert law.repetition is None


def test_a_saved_law_with_open_constants_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    runs = repeated(BESIROGLU, Repetition(math.inf, 5.0), noise=1e-4)
    found = METHODS.get("parametric")(runs, base=BESIROGLU, draws=20)
    save_law(path, "ours", "parametric", "runs.csv", found)
    law, draws = saved_law(path, "ours")

    assert isinstance(law, LossLaw)
    assert law.repetition is not None
    assert law.repetition.tokens == found.constants["R_D_star"]
    assert law.metadata.interval is not None
    assert law.metadata.interval.bounds["R_D_star"][1] == math.inf
    assert np.isinf(draws["R_D_star"]).any()
    assert law.metadata.warnings == tuple(found.warnings)


def test_a_frontier_is_a_law_without_a_loss(tmp_path: Path) -> None:
    path, found = tmp_path / "c.duckdb", fit()
    save_law(path, "ours", "isoflop", "runs.csv", found)
    law, _ = saved_law(path, "ours")

    assert not isinstance(law, LossLaw)
    best = law.optimum(1e21)
    assert best.params == pytest.approx(found.constants["k_N"] * 1e21 ** found.constants["a"])
    assert best.flops == pytest.approx(1e21)


@pytest.mark.slow
def test_saving_again_replaces_the_law_and_leaves_the_others(tmp_path: Path) -> None:
    path, found = tmp_path / "c.duckdb", fit()
    for name in ("ours", "theirs"):
        save_law(path, name, "isoflop", "runs.csv", found)
    save_law(path, "ours", "isoflop", "more.csv", fit(draws=0))
    with open_readonly(path) as connection:
        laws = connection.execute("select law, source_file from laws order by law").fetchall()
        draws = connection.execute("select law, name, count(*) from law_draws group by all order by all").fetchall()

    assert laws == [("ours", "more.csv"), ("theirs", "runs.csv")]
    assert draws == [("theirs", "a", 20), ("theirs", "k_N", 20)]
    assert saved_law(path, "ours")[1] == {}
    assert saved_names(path) == ["ours", "theirs"]


def test_the_parameters_and_tokens_that_runs_count_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    save_law(path, "theirs", "isoflop", "r.csv", fit(), params_counted="non-embedding", tokenizer="gpt2")
    save_law(path, "ours", "isoflop", "r.csv", fit())
    metadata = saved_law(path, "theirs")[0].metadata
    assert (metadata.params_counted, metadata.tokenizer) == ("non-embedding", "gpt2")
    metadata = saved_law(path, "ours")[0].metadata
    assert (metadata.params_counted, metadata.tokenizer) == ("total", "the runs' own tokenizer")


@pytest.mark.slow
def test_a_law_of_an_older_catalog_counts_all_parameters(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    save_law(path, "ours", "isoflop", "r.csv", fit())
    with duckdb.connect(path) as connection:
        connection.execute("drop view laws")
        connection.execute("delete from store.shipped")
        for column in ("params_counted", "tokenizer"):
            connection.execute(f"alter table store.laws drop column {column}")
        connection.execute((shipped("catalog") / "schema" / "0008_laws_counted.sql").read_text(encoding="utf-8"))
    save_law(path, "theirs", "isoflop", "r.csv", fit())
    metadata = saved_law(path, "ours")[0].metadata
    assert (metadata.params_counted, metadata.tokenizer) == ("total", "the runs' own tokenizer")


def test_a_forgotten_law_is_removed_and_others_stay(tmp_path: Path) -> None:
    path, found = tmp_path / "c.duckdb", fit()
    for name in ("ours", "theirs"):
        save_law(path, name, "isoflop", "runs.csv", found)
    forget_law(path, "ours")
    with open_readonly(path) as connection:
        left = [
            connection.execute(f"select distinct law from {view}").fetchall()  # noqa: S608 - of the three below
            for view in ("laws", "law_constants", "law_draws")
        ]
    assert left == [[("theirs",)]] * 3
    with pytest.raises(UsageError, match=r"c\.duckdb has no saved law 'ours' \(saved: theirs\)"):
        forget_law(path, "ours")


def test_forgetting_without_a_catalog_makes_none(tmp_path: Path) -> None:
    with pytest.raises(CatalogError):
        forget_law(tmp_path / "c.duckdb", "ours")
    assert list(tmp_path.iterdir()) == []


def test_a_published_law_comes_before_a_saved_one_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    save_law(path, "porian2024", "isoflop", "runs.csv", fit())
    assert law_names(path) == LAWS.names()
    assert find_law("porian2024", path).law is LAWS.get("porian2024")
    forget_law(path, "porian2024")
    assert saved_names(path) == []


@pytest.mark.parametrize("name", ["", "-x", "a b", "a,b", "é", "a/b"])
def test_an_invalid_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not a name for a law"):
        check_name(tmp_path / "c.duckdb", name, force=False)


def test_a_taken_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    with pytest.raises(UsageError, match="besiroglu2024 is a published law"):
        check_name(path, "besiroglu2024", force=True)
    check_name(path, "ours", force=False)
    save_law(path, "ours", "isoflop", "runs.csv", fit())
    with pytest.raises(UsageError, match="already has a law ours; pass --force to replace it"):
        check_name(path, "ours", force=False)
    check_name(path, "ours", force=True)
    check_name(path, "theirs", force=False)
