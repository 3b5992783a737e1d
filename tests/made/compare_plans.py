"""Where a plan's JSON and the second planner disagree."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from made.second_laws import Parametric, effective_tokens
from made.second_opinion import Opinion
from made.second_planner import EVERY_PAIR, Case, cause, ceiling, domain_verdict, flips_at, mapped, ranges, readings

LEAST_GAIN = 0.01
Told = Iterator[tuple[str, Any, Any]]  # field, the plan's, the second planner's


def disagreements(opinion: Opinion) -> list[str]:
    """Return one line per field whose values differ."""
    return [f"{name}: {theirs!r}, not {ours!r}" for name, theirs, ours in _told(opinion) if not _same(theirs, ours)]


def _same(theirs: Any, ours: Any) -> bool:
    if isinstance(theirs, int | float) and isinstance(ours, int | float) and not isinstance(theirs, bool):
        return bool(np.isclose(theirs, ours, rtol=1e-3, atol=1e-6))
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        return theirs.keys() == ours.keys() and all(_same(theirs[name], ours[name]) for name in theirs)
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(theirs) == len(ours) and all(map(_same, theirs, ours))
    return bool(theirs == ours)


def _told(opinion: Opinion) -> Told:
    yield "budget.flops", opinion.plan["budget"]["flops"], opinion.flops
    yield from _verdict(opinion)
    yield from _runs(opinion)
    yield from _domains(opinion)
    yield from _certainty(opinion)
    yield from _turning(opinion)
    if len(opinion.supply) > 1:
        yield from _mixtures(opinion)
    yield from _advice(opinion)


def _verdict(opinion: Opinion) -> Told:
    plan, case, law = opinion.plan, opinion.case, opinion.law
    yield "constraint", plan["constraint"], case.constraint()
    yield "cause", plan["cause"], cause(case, opinion.suggested)
    if not isinstance(law, Parametric):
        for name in (
            "compute_equivalent_share",
            "share_allocation",
            "share_data",
            "tokens_side",
            "implied_inference_tokens",
        ):
            yield name, plan[name], None
        return
    side = law.tokens_side(*opinion.run) if opinion.run else 0.5
    whole = float(case.share())
    allocation = float(law.free_flops(law.loss(*opinion.run)) / opinion.flops) if opinion.run else 1.0
    yield "tokens_side", plan["tokens_side"], side
    yield "compute_equivalent_share", plan["compute_equivalent_share"], whole
    yield "share_allocation", plan["share_allocation"], allocation
    yield "share_data", plan["share_data"], whole / allocation
    pairs = replace(case, repeats=EVERY_PAIR).share() / allocation
    yield "share_data_low", plan["share_data_low"], float(min(pairs))
    yield "share_data_high", plan["share_data_high"], float(max(pairs))
    served = 3 * opinion.run[1] * (1 - 2 * side) / side if opinion.run and side < 0.5 else None
    yield "implied_inference_tokens", plan["implied_inference_tokens"], served


def _runs(opinion: Opinion) -> Told:
    plan, case, law = opinion.plan, opinion.case, opinion.law
    best = float(law.best_params(opinion.flops))
    yield "optimal.params", plan["optimal"]["params"], best
    yield "optimal.tokens", plan["optimal"]["tokens"], opinion.flops / 6 / best
    if not isinstance(law, Parametric):
        yield "constrained", plan["constrained"], None
        return
    yield "optimal.loss", plan["optimal"]["loss"], float(law.loss(best, opinion.flops / 6 / best))
    params, tokens = opinion.run or (best, opinion.flops / 6 / best)
    terms = {
        "irreducible": law.E,
        "model_term": law.A / params**law.alpha,
        "data_term": law.B / tokens**law.beta,
        "total": float(law.loss(params, tokens)),
        "on_supply": float(law.loss_on(params, tokens, case.pools(), case.repeats)),
    }
    yield "loss", plan["loss"], terms
    yield "far_beyond_data", plan["far_beyond_data"], opinion.far
    if not opinion.helps(case):
        yield "constrained", plan["constrained"], None
        return
    budget = replace(case, run=None)
    tokens = budget.tokens()
    params = opinion.flops / 6 / tokens
    found = {
        "params": params,
        "tokens": tokens,
        "epochs": max(budget.epochs(tokens).values()),
        "loss": float(law.loss_on(params, tokens, case.pools(), case.repeats)),
    } | ranges(budget, opinion.repetition_draws)
    for name, value in found.items():
        yield f"constrained.{name}", (plan["constrained"] or {}).get(name), value


def _domains(opinion: Opinion) -> Told:
    plan, case = opinion.plan, opinion.case
    needed = opinion.run[1] if opinion.run else opinion.flops / 6 / float(opinion.law.best_params(opinion.flops))
    stuck = not opinion.run and not opinion.helps(case)
    tokens = needed if stuck else opinion.tokens
    epochs = case.epochs(tokens)
    yield "domains", [row["domain"] for row in plan["domains"]], sorted(opinion.supply)
    for row in plan["domains"]:
        name = row["domain"]
        share = case.shares[name]
        for key, value in (
            ("share", share),
            ("tokens_needed", share * needed),
            ("tokens_unique", opinion.supply[name]),
            ("epochs", None if stuck else epochs[name]),
            ("loose", name in case.loose),
            ("verdict", domain_verdict(epochs[name] * (1 - 1e-6))),
            ("tokens_effective", None if stuck else _effective(tokens, share, opinion.supply[name], case)),
        ):
            yield f"domains.{name}.{key}", row[key], value
    yield "binding_domain", plan["binding_domain"], _binding(case, epochs, plan["binding_domain"])


def _effective(tokens: float, share: float, unique: float, case: Case) -> float:
    return float(effective_tokens(tokens, [(share, unique)], case.repeats)) if share else 0.0


def _binding(case: Case, epochs: Mapping[str, float], told: str | None) -> str | None:
    """The domain with most epochs; of those that tie, the one with the largest share, or the plan's if these tie."""
    most = max(epochs.values())
    if most <= 1 + 1e-9:
        return None
    ties = {name: case.shares[name] for name in epochs if epochs[name] >= most * (1 - 1e-6)}
    largest = max(ties.values())
    return told if told in ties and ties[told] >= largest * (1 - 1e-6) else max(ties, key=lambda name: ties[name])


def _certainty(opinion: Opinion) -> Told:
    plan, case = opinion.plan, opinion.case
    if opinion.asked.supply is None:
        return
    voters = {name: voter.constraint() for name, voter in opinion.voters(case).items()}
    votes = {name: word for name, word in voters.items() if opinion.facts.laws[name]["standing"] == "votes"}
    yield "sensitivity", {row["law"]: row["constraint"] for row in plan["sensitivity"]}, voters
    for row in plan["sensitivity"]:
        voter = opinion.voters(case)[row["law"]]
        share = float(voter.share()) if isinstance(voter.law, Parametric) else None
        yield f"sensitivity.{row['law']}.share", row["compute_equivalent_share"], share
        if opinion.run is None or opinion.facts.laws[row["law"]]["params_counted"] == "total":  # else N is converted
            yield f"sensitivity.{row['law']}.params", row["params"], float(voter.law.best_params(opinion.flops))
        yield f"sensitivity.{row['law']}.votes", row["votes"], row["law"] in votes
    word, draws, laws = opinion.level(case)
    certainty, agreement = plan["certainty"], plan["agreement"]
    yield "certainty.level", certainty["level"], word
    yield "certainty.draws", certainty["draws"], draws
    yield "certainty.laws", certainty["laws"], laws
    yield "certainty.why", certainty["why"] is None, word == "sure"
    if opinion.draws:
        yield "certainty.readings", certainty["readings"], readings(case, opinion.draws)
    agreeing = sum(found == case.constraint() for found in votes.values())
    yield "agreement", agreement, {"laws": len(votes), "same_verdict": agreeing, "draws_same_verdict": draws}


def _turning(opinion: Opinion) -> Told:
    plan = opinion.plan
    flops, factor = (None, None) if opinion.far else flips_at(opinion.case)
    yield "flips_at", plan["flips_at"], {"flops": flops, "supply_factor": factor}
    ends = ceiling(opinion.case)
    for name, told in plan["ceiling"].items():
        hidden = opinion.far and not name.endswith("one_epoch")
        yield f"ceiling.{name}", told, None if hidden else ends.get(name)


def _mixtures(opinion: Opinion) -> Told:
    plan, case = opinion.plan, opinion.case
    yield "mixture.name", plan["mixture"]["name"], opinion.mixture_name
    yield "mixture.shares", plan["mixture"]["shares"], dict(case.shares)
    yield "mixture_suggested", plan["mixture_suggested"], opinion.suggested
    names, left = {"proportional", "unimax", str(opinion.mixture_name)}, list[str]()
    for name, parts in opinion.facts.mixtures.items():
        shares, _, missing = mapped(parts, opinion.supply)
        unused = opinion.asked.supply is not None and not all(shares.values())
        if name != opinion.mixture_name:
            if missing > 0.2 or unused:
                left.append(name)
            else:
                names.add(name)
    rows = {row["mixture"]: row for row in plan["mixtures"]}
    yield "mixtures", sorted(rows), sorted(names)
    yield "mixtures_left_out", sorted(row["mixture"] for row in plan["mixtures_left_out"]), sorted(left)
    for name, row in rows.items():
        other = case if name == opinion.mixture_name else opinion.at(name)
        stuck = not opinion.run and not opinion.helps(other)
        epochs = other.epochs(other.tokens())
        yield f"mixtures.{name}.constraint", row["constraint"], other.constraint()
        if opinion.asked.supply is not None:
            yield f"mixtures.{name}.certainty", row["certainty"], opinion.level(other)[0]
        yield f"mixtures.{name}.binding_domain", row["binding_domain"], _binding(other, epochs, row["binding_domain"])
        yield f"mixtures.{name}.most_epochs", row["most_epochs"], None if stuck else max(epochs.values())
        share = float(other.share()) if isinstance(opinion.law, Parametric) else None
        yield f"mixtures.{name}.share", row["compute_equivalent_share"], share
    if opinion.asked.stages:
        total = [
            {
                "stage": name,
                "tokens": tokens,
                "shares": {domain: shares.get(domain, 0.0) for domain in opinion.supply},
                "epochs": {
                    domain: shares.get(domain, 0.0) * tokens / opinion.supply[domain] for domain in opinion.supply
                },
            }
            for name, tokens, shares in opinion.asked.stages
        ]
        yield "stages", plan["stages"], total


def _advice(opinion: Opinion) -> Told:
    plan, case, law = opinion.plan, opinion.case, opinion.law
    if not isinstance(law, Parametric):
        return
    before = float(case.share())
    budget = replace(case, run=None)
    found = {}
    if opinion.suggestion[1]:
        found["mixture"] = float(replace(case, shares=opinion.suggested).share())
    if opinion.run and opinion.helps(case):
        found["size"] = float(budget.share())
    needed = opinion.run[1] if opinion.run else opinion.flops / 6 / float(law.best_params(opinion.flops))
    for name, share in case.shares.items():
        if share * needed > case.supply[name]:
            more = {**case.supply, name: share * needed}
            found[name] = float(replace(case, supply=more).share())
    found["compute"] = 2 * float(replace(budget, flops=2 * opinion.flops).share())
    kept = {name: share for name, share in found.items() if share - before >= LEAST_GAIN}
    yield "advice", {_kind(row): row["compute_equivalent_share"] for row in plan["advice"]}, kept
    costs = [row["compute_equivalent_share"] for row in plan["advice"] if not row["free"]]
    yield (
        "advice.order",
        [row["free"] for row in plan["advice"]],
        sorted((row["free"] for row in plan["advice"]), reverse=True),
    )
    yield "advice.costs", costs, sorted(costs, reverse=True)


def _kind(row: Mapping[str, Any]) -> str:
    if row["domain"]:
        return str(row["domain"])
    if row["free"]:
        return "mixture" if "mixture" in row["do"] else "size"
    return "compute"
