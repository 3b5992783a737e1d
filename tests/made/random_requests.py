"""Random requests for plans: the arguments of ``tokaudit plan``, from a fixed seed."""

import random
from dataclasses import dataclass, field
from pathlib import Path

SEED = 20240601
DOMAINS = ("web", "code", "books", "math", "news", "encyclopedia")
LAWS = (
    *("besiroglu2024",) * 9,
    *("muennighoff2023",) * 6,
    *("hoffmann2022-approach3", "hoffmann2022-approach3-rounded", "sardana2024"),
    *("hoffmann2022-approach1", "grattafiori2024"),
)


@dataclass(slots=True)
class Asked:
    """One request.

    Attributes:
        law: the law's name.
        flops, params, tokens: what is given of the budget.
        supply: domain -> (low, unique, high) in the law's tokens; None: the published supply.
        bounded: whether the supply's bounds are given.
        mixture: domain -> share, a name, or None.
        stages: (name, tokens, shares) of each stage.
        max_epochs: cap of all domains, or None.
    """

    law: str
    flops: float | None = None
    params: float | None = None
    tokens: float | None = None
    supply: dict[str, tuple[float, float, float]] | None = None
    bounded: bool = False
    mixture: dict[str, float] | str | None = None
    stages: list[tuple[str, float, dict[str, float]]] = field(default_factory=list)
    max_epochs: float | None = None

    def arguments(self, folder: Path) -> list[str]:
        """Return the arguments of the command line; a supply with bounds is written into the folder."""
        tokens = None if self.stages else self.tokens
        given = ["plan", "--json", "--quiet", "--law", self.law]
        for option, value in (("flops", self.flops), ("params", self.params), ("tokens", tokens)):
            given += [] if value is None else [f"--{option}", repr(value)]
        given += [] if self.max_epochs is None else ["--max-epochs", repr(self.max_epochs)]
        if self.supply is None:
            given += ["--supply", "published"]
        elif self.bounded:
            rows = [f"{domain},{unique!r},{low!r},{high!r}" for domain, (low, unique, high) in self.supply.items()]
            path = folder / "supply.csv"
            path.write_text("\n".join(["domain,tokens_unique,tokens_unique_low,tokens_unique_high", *rows, ""]))
            given += ["--supply", str(path)]
        else:
            given += ["--supply", ",".join(f"{domain}={row[1]!r}" for domain, row in self.supply.items())]
        if isinstance(self.mixture, str):
            given += ["--mixture", self.mixture]
        elif self.mixture is not None:
            given += ["--mixture", _shares(self.mixture)]
        for name, tokens, shares in self.stages:
            given += ["--stage", f"{name} {tokens!r} {_shares(shares)}"]
        return given


def _shares(shares: dict[str, float]) -> str:
    return ",".join(f"{domain}={share!r}" for domain, share in shares.items())


def _random_shares(chance: random.Random, domains: list[str]) -> dict[str, float]:
    """Return shares in per cent, whole numbers that sum to 100."""
    cuts = sorted(chance.sample(range(1, 100), len(domains) - 1))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    return {domain: part / 100 for domain, part in zip(domains, parts, strict=True)}


def random_request(chance: random.Random) -> Asked:
    """Return a request; the supply is between a hundredth and ten times about what the run needs."""
    asked = Asked(chance.choice(LAWS))
    size = 10 ** chance.uniform(19.5, 26)
    tokens = (size / 6 * 20) ** 0.5
    kind = chance.random()
    if kind < 0.5:
        asked.flops = float(f"{size:.3g}")
    elif kind < 0.85:
        skew = 10 ** chance.uniform(-0.9, 0.9)
        tokens *= skew
        asked.params, asked.tokens = float(f"{size / 6 / tokens:.3g}"), float(f"{tokens:.3g}")
    elif kind < 0.93:
        asked.params = float(f"{size / 6 / tokens:.3g}")
    else:
        asked.tokens = float(f"{tokens:.3g}")
    if chance.random() < 0.2:
        asked.max_epochs = chance.choice([1.0, 2.0, 5.0, 8.0])
    if chance.random() < 0.1:
        asked.mixture = chance.choice([None, None, "llama1", "gpt3", "unimax"])
        return asked
    domains = chance.sample(DOMAINS, chance.choice([1, 2, 2, 3, 3, 4]))
    total = tokens * 10 ** chance.uniform(-2, 1)
    weights = [10 ** chance.uniform(-1.5, 0) for _ in domains]
    asked.bounded = chance.random() < 0.25
    asked.supply = {}
    for domain, weight in zip(domains, weights, strict=True):
        unique = float(f"{total * weight / sum(weights):.4g}")
        spread = chance.uniform(1, 2.5) if asked.bounded else 1
        asked.supply[domain] = (float(f"{unique / spread:.4g}"), unique, float(f"{unique * spread:.4g}"))
    if len(domains) == 1:
        return asked
    asked.mixture = chance.choice([None, None, "unimax", *[_random_shares(chance, domains)] * 3])
    if asked.params and asked.tokens and chance.random() < 0.3:
        asked.mixture = None
        first = float(f"{asked.tokens * chance.uniform(0.4, 0.9):.4g}")
        asked.stages = [
            ("main", first, _random_shares(chance, domains)),
            ("anneal", asked.tokens - first, _random_shares(chance, domains)),
        ]
    return asked
