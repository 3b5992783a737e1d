"""Measures ``tokaudit fit``: 250 runs with the paper's 4,500 starts, and 1,000 bootstrap draws.

    python tests/benchmarks/fit.py [--runs 250] [--draws 1000] [--repeat 3]

Prints wall and CPU seconds of each part, and how many draws have a lower minimum when fitted from the whole grid.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Runs


def made(count: int, noise: float = 0.01) -> Runs:
    """Runs of a law whose losses are off by about ``noise``; as in real runs, a few are far off."""
    chance = np.random.default_rng(0)
    flops = 10 ** chance.uniform(18, 22, count)
    ratio = 10 ** chance.uniform(-0.5, 2.5, count)
    params = np.sqrt(flops / 6 / ratio)
    tokens = flops / 6 / params
    loss = 1.8172 + 482.01 * params**-0.3478 + 2085.43 * tokens**-0.3658
    off = np.exp(noise * chance.standard_t(3, count))
    return Runs(params, tokens, flops, loss * off, np.full(count, np.inf), np.arange(count))


def timed(what: str, action: Callable[[], object], repeat: int) -> None:
    """Print the lowest wall and CPU seconds of several calls."""
    walls, cpus = [], []
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    print(f"{what:<60} {min(walls):6.2f} s wall {min(cpus):6.2f} s CPU")


def missed(runs: Runs, draws: int) -> int:
    """Number of draws with a lower minimum than the fit finds from the constants of all runs."""
    parametric, ordered = METHODS.get("parametric"), runs.ordered()
    fit = parametric(ordered, draws=draws)
    times = np.random.default_rng(0).multinomial(len(runs), np.full(len(runs), 1 / len(runs)), size=draws)
    worse = 0
    for place in range(draws):
        best = parametric(ordered.taken(np.repeat(np.arange(len(runs)), times[place])), draws=0).constants
        mine = {name: values[place] for name, values in fit.draws.items()}
        worse += bool(abs(mine["alpha"] - best["alpha"]) + abs(mine["beta"] - best["beta"]) > 1e-4)
    return worse


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=250)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--check", type=int, default=20, help="draws to fit again from the whole grid [default: 20]")
    asked = parser.parse_args()
    runs = made(asked.runs)
    parametric = METHODS.get("parametric")
    timed(f"{asked.runs} runs, 4,500 starts", lambda: parametric(runs, draws=0), asked.repeat)
    timed(f"the same and {asked.draws} draws", lambda: parametric(runs, draws=asked.draws), asked.repeat)
    print(f"{missed(runs, asked.check)} of {asked.check} draws have a lower minimum elsewhere")


if __name__ == "__main__":
    main()
