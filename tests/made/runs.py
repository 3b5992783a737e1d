"""Training runs generated from a law, for the tests of fitting."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tokaudit.core.types import Float64
from tokaudit.laws.fit.protocol import Runs
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import Repetition
from tokaudit.laws.published import LAWS
from tokaudit.laws.repeated_data import RepeatedDataLaw


def parametric(name: str) -> Parametric:
    """A shipped law that has the five constants."""
    law = LAWS.get(name)
    assert isinstance(law, Parametric)
    return law


BESIROGLU = parametric("besiroglu2024")


def runs_of(
    params: npt.ArrayLike, tokens: npt.ArrayLike, loss: npt.ArrayLike, unique: npt.ArrayLike | None = None
) -> Runs:
    """Runs with 6ND FLOPs, numbered in order; without ``unique`` no token is repeated."""
    n, d, nats = (np.asarray(values, np.float64) for values in (params, tokens, loss))
    u = np.full(len(n), np.inf) if unique is None else np.asarray(unique, np.float64)
    return Runs(n, d, 6 * n * d, nats, u, np.arange(len(n)) + 2)


def losses(law: Parametric, params: Float64, tokens: Float64) -> Float64:
    """The loss of each run by the law."""
    return np.array([law.loss(n, d) for n, d in zip(params, tokens, strict=True)])


def law_of(constants: Mapping[str, float]) -> Parametric:
    """The parametric law with these constants."""
    return Parametric(
        **{name: constants[name] for name in ("E", "A", "B", "alpha", "beta")},
        metadata=BESIROGLU.metadata,
        repetition=None,
    )


def scattered(law: Parametric = BESIROGLU, count: int = 60, noise: float = 0.0, seed: int = 0) -> Runs:
    """Runs of all sizes and lengths, with relative noise of about ``noise`` on the losses."""
    chance = np.random.default_rng(seed)
    params = 10 ** chance.uniform(7.7, 10.2, count)
    tokens = params * 10 ** chance.uniform(-0.5, 2.5, count)
    return runs_of(params, tokens, losses(law, params, tokens) * np.exp(noise * chance.standard_normal(count)))


def on_budgets(law: Parametric = BESIROGLU, noise: float = 0.0, sizes: int = 9) -> Runs:
    """Runs on seven budgets, with sizes spread around the optimum of each budget."""
    chance = np.random.default_rng(0)
    budgets = np.repeat(np.geomspace(6e18, 3e21, 7), sizes)
    best = np.array([law.optimum(flops).params for flops in budgets])
    params = best * np.tile(np.geomspace(0.3, 1 / 0.3, sizes), 7)
    tokens = budgets / 6 / params
    return runs_of(params, tokens, losses(law, params, tokens) * np.exp(noise * chance.standard_normal(len(params))))


def curves(law: Parametric = BESIROGLU, sizes: int = 24, points: int = 60) -> Runs:
    """Training curves: each size at many lengths."""
    params = np.repeat(np.geomspace(5e7, 1e10, sizes), points)
    tokens = np.tile(np.geomspace(2e8, 2e12, points), sizes)
    return runs_of(params, tokens, losses(law, params, tokens))


def repeated(law: Parametric, stars: Repetition, noise: float = 0.0) -> Runs:
    """Runs of 1 to 64 epochs on limited data, some with more parameters than optimal for their data."""
    chance = np.random.default_rng(0)
    rows = [
        (size * law.optimum_of_tokens(unique).params, epochs * unique, unique)
        for unique in (1e9, 4e9, 2e10)
        for epochs in (1, 2, 4, 16, 64)
        for size in (0.25, 1, 4, 16)
    ]
    params, tokens, unique = np.array(rows).T
    nats = [RepeatedDataLaw(law, [DomainPool(1.0, u)], stars).loss(n, d) for n, d, u in rows]
    return runs_of(params, tokens, np.array(nats) * np.exp(noise * chance.standard_normal(len(rows))), unique)


def joined(*parts: Runs) -> Runs:
    """All the runs, one part after the other."""
    return Runs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Runs.__slots__))


def write_csv(path: Path, runs: Runs, more: Mapping[str, list[str]] | None = None) -> Path:
    """Write the runs to a file; unique tokens are a column if any are known."""
    columns: dict[str, list[str]] = {
        "params": [repr(float(value)) for value in runs.params],
        "tokens": [repr(float(value)) for value in runs.tokens],
        "loss": [repr(float(value)) for value in runs.loss],
    }
    if np.isfinite(runs.unique).any():
        columns["unique_tokens"] = [repr(float(value)) if np.isfinite(value) else "" for value in runs.unique]
    columns |= dict(more or {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path
