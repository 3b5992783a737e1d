"""Known runs: what the laws say of them, and whether their published numbers agree."""

import pytest
from made.paper_tables import table

from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.laws.find import voting_laws
from tokaudit.planning.published_runs import audit_run

RUNS = {run.run: run for run in known_runs()}


@pytest.mark.parametrize("row", table("known_verdicts.csv"), ids=lambda row: row["run"])
@pytest.mark.parametrize("name", voting_laws())
def test_the_laws_agree_on_known_runs_but_for_kaplan_s(row: dict[str, str], name: str) -> None:
    others = dict(item.split("=") for item in row["except"].split())
    found = audit_run(RUNS[row["run"]], voting_laws()[name])
    assert found["constraint"] == others.get(name, row["verdict"])
    if name not in others:
        assert found["cause"] == (row["cause"] or None)


def test_deepseek_s_law_lets_gpt_3_off_by_a_hair() -> None:
    best = voting_laws()["deepseek2024"].optimum(RUNS["GPT-3-175B"].flops)
    assert RUNS["GPT-3-175B"].tokens / best.tokens == pytest.approx(0.341, abs=5e-4)  # data below 1/3


def test_gopher_saw_12_8_percent_of_its_corpus_as_published() -> None:
    found = audit_run(RUNS["Gopher-280B"], voting_laws()["besiroglu2024"])
    assert found["epochs"] == pytest.approx(0.128, abs=5e-4)


@pytest.mark.parametrize("row", table("published_flops.csv"), ids=lambda row: row["run"])
def test_6nd_far_from_the_published_flops_is_flagged(row: dict[str, str]) -> None:
    found = audit_run(RUNS[row["run"]], voting_laws()["besiroglu2024"])
    assert found["flops_ratio"] == pytest.approx(float(row["ratio"]), abs=6e-4)
    flagged = [warning for warning in found["warnings"] if "times the published FLOPs" in warning]
    assert len(flagged) == (1 if row["flagged"] else 0)
