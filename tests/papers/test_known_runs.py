"""Known runs: verdicts by every law, and whether their published numbers agree."""

import pytest
from made.paper_tables import table

from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.laws.find import asked_laws
from tokaudit.planning.published_runs import audit_run

RUNS = {run.run: run for run in known_runs()}


@pytest.mark.parametrize("row", table("known_verdicts.csv"), ids=lambda row: row["run"])
@pytest.mark.parametrize("name", asked_laws())
def test_all_laws_but_kaplan_s_agree_on_known_runs(row: dict[str, str], name: str) -> None:
    others = dict(item.split("=") for item in row["except"].split())
    found = audit_run(RUNS[row["run"]], asked_laws()[name])
    assert found["constraint"] == others.get(name, row["verdict"])
    if name not in others:
        assert found["cause"] == (row["cause"] or None)


def test_deepseek_s_law_finds_gpt_3_just_balanced() -> None:
    best = asked_laws()["deepseek2024"].optimum(RUNS["GPT-3-175B"].flops)
    assert RUNS["GPT-3-175B"].tokens / best.tokens == pytest.approx(
        0.341, abs=5e-4
    )  # below 1/3, the constraint would be data


def test_gopher_saw_12_8_percent_of_its_corpus() -> None:
    found = audit_run(RUNS["Gopher-280B"], asked_laws()["besiroglu2024"])
    assert found["epochs"] == pytest.approx(0.128, abs=5e-4)


@pytest.mark.parametrize("row", table("published_flops.csv"), ids=lambda row: row["run"])
def test_6nd_far_from_the_published_flops_is_flagged(row: dict[str, str]) -> None:
    found = audit_run(RUNS[row["run"]], asked_laws()["besiroglu2024"])
    assert found["flops_ratio"] == pytest.approx(float(row["ratio"]), abs=6e-4)
    flagged = [warning for warning in found["warnings"] if "times the published FLOPs" in warning]
    assert len(flagged) == (1 if row["flagged"] else 0)
