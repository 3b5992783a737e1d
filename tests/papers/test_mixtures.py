"""Published mixtures: epochs by the planner from the numbers in the papers."""

import math

import pytest
from made.paper_tables import last_digit, table
from made.plans import make_plan

from tokaudit.catalog.reference.mixtures import find_mixture
from tokaudit.laws.published import LAWS
from tokaudit.planning.plan import Budget
from tokaudit.supply.types import DomainSupply, Supply

Rows = list[dict[str, str]]
GPT3, LLAMA, PILE = (table(f"{name}_mixture.csv") for name in ("gpt3", "llama1", "pile"))
TOKENS_PER_BYTE = 0.29335
GIB = 2**30


def planned_epochs(rows: Rows, unique: dict[str, float], tokens: float) -> dict[str, float]:
    """Component -> epochs in a run of so many tokens; the printed shares need not sum to 1."""
    shares = {row["component"]: float(row["share"]) for row in rows}
    total = math.fsum(shares.values())
    supply = Supply(tuple(DomainSupply(name, tokens_unique) for name, tokens_unique in unique.items()), "a paper")
    budget = Budget(6e9 * tokens * total, 1e9, tokens * total)
    scaled = {name: share / total for name, share in shares.items()}
    made = make_plan("besiroglu2024", LAWS.get("besiroglu2024"), budget, supply, scaled)
    return {entry.domain: entry.epochs or 0.0 for entry in made.domains}


def unique(rows: Rows) -> dict[str, float]:
    return {row["component"]: float(row["tokens_unique"]) for row in rows}


@pytest.mark.parametrize("row", GPT3, ids=lambda row: row["component"])
def test_all_epochs_of_gpt_3_but_three_follow_from_its_table(row: dict[str, str]) -> None:
    epochs = planned_epochs(GPT3, unique(GPT3), 300e9)[row["component"]]
    printed = row["recomputed"] or row["epochs"]
    assert epochs == pytest.approx(float(printed), abs=last_digit(printed))  # 0.436 is printed as 0.43
    misprint = abs(epochs - float(row["epochs"])) > last_digit(row["epochs"])
    assert misprint is bool(row["recomputed"])


def test_a_note_names_the_three_epochs_of_gpt_3_that_do_not_follow() -> None:
    (note,) = (note for note in find_mixture("gpt3").notes() if "printed epochs" in note)
    assert note.partition(" which are rounded: ")[2].split(", ") == [
        f"{row['component']} {row['epochs']} instead of {row['recomputed']}" for row in GPT3 if row["recomputed"]
    ]
    for name in ("massivetext", "mt-nlg", "llama1", "pile"):
        assert not any("printed epochs" in note for note in find_mixture(name).notes())


def test_a_note_says_that_gpt_3_s_shares_sum_to_101_percent() -> None:
    assert math.fsum(float(row["share"]) for row in GPT3) == pytest.approx(1.01)
    assert any("the printed shares sum to 1.01" in note for note in find_mixture("gpt3").notes())


@pytest.mark.parametrize("row", LLAMA, ids=lambda row: row["component"])
def test_epochs_of_llama_follow_from_the_tokens_of_its_table(row: dict[str, str]) -> None:
    epochs = planned_epochs(LLAMA, unique(LLAMA), 1.4e12)[row["component"]]
    assert epochs == pytest.approx(float(row["epochs"]), abs=0.51 * last_digit(row["epochs"]))


def test_llama_s_table_implies_1263_billion_tokens() -> None:
    assert math.fsum(unique(LLAMA).values()) == pytest.approx(1263.4e9, abs=0.051e9)


@pytest.mark.slow
@pytest.mark.parametrize("row", PILE, ids=lambda row: row["component"])
def test_epochs_of_the_pile_follow_from_its_sizes_and_shares(row: dict[str, str]) -> None:
    rows = [{"component": each["component"], "share": str(float(each["share_percent"]) / 100)} for each in PILE]
    raw = {each["component"]: float(each["raw_gib"]) * GIB * TOKENS_PER_BYTE for each in PILE}
    epochs = planned_epochs(rows, raw, 1254.20 * GIB * TOKENS_PER_BYTE)[row["component"]]
    # The last digit of shares and sizes is a hundredth.
    rounding = 0.0051 / float(row["share_percent"]) + 0.0051 / float(row["raw_gib"])
    assert epochs == pytest.approx(float(row["epochs"]), rel=rounding)
    assert float(row["raw_gib"]) * float(row["epochs"]) == pytest.approx(float(row["effective_gib"]), abs=0.0151)


def test_the_pile_has_its_published_size() -> None:
    raw, effective = (math.fsum(float(row[name]) for row in PILE) for name in ("raw_gib", "effective_gib"))
    assert raw == pytest.approx(825.18, abs=0.051)
    assert effective == pytest.approx(1254.20, abs=0.051)
    assert raw * GIB * TOKENS_PER_BYTE == pytest.approx(259.9e9, abs=0.051e9)
    assert effective * GIB * TOKENS_PER_BYTE == pytest.approx(395.0e9, abs=0.11e9)


@pytest.mark.parametrize(("name", "rows"), [("gpt3", GPT3), ("llama1", LLAMA), ("pile", PILE)])
def test_shipped_mixtures_have_the_shares_of_the_papers(name: str, rows: Rows) -> None:
    kept = {each.component: each for each in find_mixture(name).components}
    assert set(kept) == {row["component"] for row in rows}
    for row in rows:
        share = float(row["share"]) if "share" in row else float(row["share_percent"]) / 100
        assert kept[row["component"]].share == pytest.approx(share)
        assert kept[row["component"]].epochs == float(row["epochs"])
        if name == "gpt3":
            assert kept[row["component"]].tokens_unique == float(row["tokens_unique"])
