"""Measures plans over many domains: seconds, and their ratio to a plan over the fewest domains in the same run.

    python tests/benchmarks/plans.py [--domains 10,200,2000,20000] [--repeat 3] [--json FILE]

The domains have random sizes over five decades. Each plan is a process of its own, from the command line to JSON. The
kinds of plan take turns, and the least seconds of each count, so that other work on the machine affects all alike.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Final

from programs import run

PLANS: Final = {
    "budget": ("--flops", "1e24"),
    "run": ("--params", "7B", "--tokens", "2T"),
    "given shares": ("--flops", "1e24", "--stage", "main 100% {shares}"),
    "unimax": ("--flops", "1e24", "--mixture", "unimax"),
    "limits": ("--flops", "1e24", "--mixture", "unimax", "--max-epochs", "4"),
    "frontier": ("--flops", "1e24", "--law", "grattafiori2024", "--mixture", "unimax"),
    "price": ("--gpu", "H100 SXM", "--gpus", "1024", "--days", "60", "--price-gpu-hour", "2", "--mixture", "unimax"),
}
MOST_IN_ARGUMENTS: Final = 2_000
"""The shares of more domains do not fit on a command line."""


def write_supply(file: Path, domains: int) -> str:
    """Write a supply, and return equal shares of its domains as ``--mixture`` takes them."""
    sizes = random.Random(domains)
    lines = [f"d{number},{int(10 ** sizes.uniform(6, 11))}" for number in range(domains)]
    file.write_text("\n".join(["domain,tokens_unique", *lines, ""]), encoding="utf-8")
    return ",".join(f"d{number}={1 / domains:.12g}" for number in range(domains))


def timed(supply: Path, arguments: list[str]) -> tuple[float, float]:
    """Plan in a process of its own; returns wall and CPU seconds."""
    command = [sys.executable, "-m", "tokaudit", "-q", "plan", *arguments, "--supply", str(supply), "--format", "json"]
    done = run(command)
    return done.seconds, done.cpu_seconds


def measure(folder: Path, counts: list[int], repeat: int) -> dict[str, dict[int, dict[str, float]]]:
    """Plan -> domains -> its least wall and CPU seconds, and the ratio of CPU to that of the fewest domains."""
    found: dict[str, dict[int, dict[str, float]]] = {name: {} for name in PLANS}
    supplies = {domains: folder / f"{domains}.csv" for domains in counts}
    shares = {domains: write_supply(file, domains) for domains, file in supplies.items()}
    for _ in range(repeat):
        for domains, supply in supplies.items():
            for name, arguments in PLANS.items():
                needs_shares = any("{shares}" in argument for argument in arguments)
                if needs_shares and domains > MOST_IN_ARGUMENTS:
                    continue
                given = [argument.replace("{shares}", shares[domains]) for argument in arguments]
                wall, cpu = timed(supply, given)
                least = found[name].setdefault(domains, {"seconds": wall, "cpu_seconds": cpu})
                least.update(seconds=min(wall, least["seconds"]), cpu_seconds=min(cpu, least["cpu_seconds"]))
    for figures in found.values():
        for figure in figures.values():
            figure["ratio"] = figure["cpu_seconds"] / figures[min(figures)]["cpu_seconds"]
    return found


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--domains", default="10,200,2000,20000", help="numbers of domains [default: %(default)s]")
    parser.add_argument("--repeat", type=int, default=3, help="plans of each kind [default: %(default)s]")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    counts = [int(count) for count in options.domains.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), counts, options.repeat)
    print(f"{'plan':14}{'domains':>9}{'seconds':>9}{'CPU':>8}{'ratio':>8}")
    for name, figures in found.items():
        for domains, figure in figures.items():
            print(
                f"{name:14}{domains:9,}{figure['seconds']:9.2f}{figure['cpu_seconds']:8.2f}{figure['ratio']:8.2f}",
            )
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
