"""Random plans for the page's script: every law, supplies from nothing to more than enough, and their other ends."""

import random
from dataclasses import replace

import numpy as np

from tokaudit.catalog.reference.mixtures import Component
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.laws.embedding_params import params_total
from tokaudit.laws.find import asked_laws, shipped_draws
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.protocol import gives_loss
from tokaudit.laws.published import LAWS
from tokaudit.planning.ask_mixture import AskedMixture, given_mixture
from tokaudit.planning.plan import Budget
from tokaudit.planning.request import PlanRequest
from tokaudit.supply.types import DomainSupply, Supply

DOMAINS = ("books", "code", "web", "math", "__proto__", "news </script>", "wiki", "übriges")
TOKENIZERS = (None, None, "EleutherAI/gpt-neox-20b", "GPT-2 BPE (50,257)")


def random_plan_request(number: int) -> PlanRequest:
    """The request of this number, without draws of repetition; laws come in turn; two of three give a loss."""
    chance = random.Random(f"what if {number}")
    names = [name for name in LAWS.names() if gives_loss(LAWS.get(name)) == (number % 3 < 2)]
    name = names[number // 3 % len(names)]
    law = LAWS.get(name)
    flops = 10 ** chance.uniform(16, 28)
    best = law.optimum(flops)
    budget = Budget(flops)
    tokens = best.tokens
    if chance.random() < 0.4:
        tokens = best.tokens * 10 ** chance.choice([chance.uniform(-1.5, 1.5), chance.uniform(-0.7, 0.7)])
        params = flops / 6 / tokens
        if law.metadata.params_counted == "non-embedding":
            params = params_total(params)
        budget = Budget(6 * params * tokens, params, tokens)
    names_here = sorted(chance.sample(DOMAINS, chance.randint(1, len(DOMAINS))))
    whole = tokens * 10 ** chance.choice([chance.uniform(-5, 4), chance.uniform(-2, 1)])
    spread = chance.choice([2.5, 6.0])
    entries = tuple(_entry(chance, domain, whole, spread) for domain in names_here)
    supply = Supply(entries, "a test", chance.choice(TOKENIZERS))
    mixture = _mixture(chance, supply)
    every = chance.choice([None, None, None, 0.5, 1.0, 3.0, 8.0, 40.0])
    single = {chance.choice(names_here): chance.choice([1.0, 2.5, 20.0])} if chance.random() < 0.3 else {}
    if budget.tokens and chance.random() < 0.3:
        every, single = chance.choice([1.0, 0.95]) * _most_epochs(supply, mixture, tokens), {}
    return PlanRequest(
        name,
        law,
        budget,
        supply,
        mixture,
        max_epochs=every,
        max_epochs_of=single,
        draws=_draws(chance, name),
        voters=asked_laws() if chance.random() < 0.8 else {},
        rates=token_rates(),
    )


def elsewhere(request: PlanRequest) -> PlanRequest:
    """The same law, domains and limits of single domains, with all other numbers of the setting changed."""
    supply = replace(
        request.supply,
        domains=tuple(
            replace(entry, tokens_unique=3 * entry.tokens_unique + 1e9, tokens_unique_low=None, tokens_unique_high=None)
            for entry in request.supply.domains
        ),
    )
    shares = dict.fromkeys((entry.domain for entry in supply.domains), 1 / len(supply.domains))
    return replace(request, budget=Budget(1e21), supply=supply, mixture=given_mixture(shares), max_epochs=6.0)


def _most_epochs(supply: Supply, mixture: AskedMixture, tokens: float) -> float:
    """Epochs of the domain that a run repeats most."""
    shares = mixture.shares_wanted or {}
    return max(shares[entry.domain] * tokens / entry.tokens_unique for entry in supply.domains)


def _entry(chance: random.Random, domain: str, whole: float, spread: float) -> DomainSupply:
    unique = min(max(whole * 10 ** -chance.uniform(0, spread), 1.0), 1e23)
    if chance.random() < 0.5:
        return DomainSupply(domain, unique)
    return DomainSupply(domain, unique, unique / chance.uniform(1, 3), unique * chance.uniform(1, 3))


def _draws(chance: random.Random, name: str) -> Draws:
    """Draws of two laws, in numbers whose middle lies between two draws or at one."""
    count = chance.choice([1, 21, 61, 101])
    if name == "besiroglu2024":
        drawn = {constant: values[:count].copy() for constant, values in shipped_draws(name).items()}
        if count > 1:
            drawn["A"][:: chance.choice([7, 200])] = -1.0  # makes no law
        return drawn
    if name == "porian2024":
        several = np.random.default_rng(count)
        return {"k_N": 0.12 * several.lognormal(0, 0.3, count), "a": several.normal(0.497, 0.01, count)}
    return {}


def _mixture(chance: random.Random, supply: Supply) -> AskedMixture:
    weights = {entry.domain: chance.choice([0.0, chance.random(), chance.random()]) for entry in supply.domains}
    if not any(weights.values()):
        weights = {entry.domain: entry.tokens_unique for entry in supply.domains}
    total = sum(weights.values())
    shares = {domain: weight / total for domain, weight in weights.items()}
    if chance.random() < 0.6:
        return given_mixture(shares)
    parts = tuple(
        Component("made", domain, domain, chance.random() < 0.4, share, None, None, None, "read", "a test")
        for domain, share in shares.items()
    )
    return AskedMixture("made", "a test", components=parts, asked=True)
