"""The budget of a plan, from FLOPs, parameters, tokens or hardware, and the hardware that spends it."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from tokaudit.catalog.reference.accelerators import find_accelerator
from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_power
from tokaudit.laws.embedding_params import as_counted
from tokaudit.laws.protocol import Run, ScalingLaw
from tokaudit.planning.case import FLOPS_BOUNDS
from tokaudit.planning.hardware import Hardware, hours
from tokaudit.planning.plan import Budget

_GPU: Final = "H100 SXM"
_MFU: Final = 0.4
_MODEL: Final = ("flops", "params", "tokens")


def spending(
    law: ScalingLaw, numbers: Mapping[str, float], gpu: str | None, *, priced: bool
) -> tuple[Budget, Hardware | None, list[str]]:
    """The budget, the hardware that spends it, and notes about the hardware.

    Hardware is a budget by itself. Next to another budget, it only says what a price is for. The hardware is None if
    neither an accelerator nor a price is given.

    Args:
        law: turns parameters or tokens alone into a budget.
        numbers: any of ``flops``, ``params``, ``tokens``, ``gpus``, ``days`` and ``mfu``.
        gpu: name of the accelerator; None: the default one.
        priced: whether there is a price per GPU-hour.

    Raises:
        UsageError: these make no budget or more than one, or the accelerator is unknown.
    """
    model = {name: numbers[name] for name in _MODEL if name in numbers}
    if gpu is None and not priced:
        if stray := sorted(set(numbers) - set(model)):
            raise UsageError(f"{', '.join(_named(stray))}: also needs --gpu NAME")
        return budget_for(law, **model), None, []
    missing = sorted({"gpus", "days"} - set(numbers))
    if model and (not priced or not missing):
        given = ", ".join(_named(model))
        if missing:
            hardware_options = ", ".join(["--gpu", *_named(set(numbers) - set(model))])
            raise UsageError(
                f"--gpu: needs a price next to {given}; pass --price-gpu-hour, or leave out {hardware_options}"
            )
        raise UsageError(f"--gpus and --days: are a budget by themselves; leave out {given}")
    if not model and gpu is not None and missing:
        raise UsageError(f"--gpu: also needs {' and '.join(_named(missing))}")
    hardware, note = _hardware(gpu, numbers)
    if not missing:
        model = {"flops": hardware.flops(hours(numbers["gpus"], numbers["days"]))}
    return budget_for(law, **model), hardware, [note]


def _named(names: Iterable[str]) -> list[str]:
    """The options of these names, in the order of the alphabet."""
    return [f"--{name}" for name in sorted(names)]


def _hardware(gpu: str | None, numbers: Mapping[str, float]) -> tuple[Hardware, str]:
    """The accelerator of that name, or the default one, and a note with the source of its peak."""
    device = find_accelerator(gpu or _GPU)
    mfu = numbers.get("mfu", _MFU)
    hardware = Hardware(device.name, device.flops_per_second, mfu, numbers.get("gpus"), numbers.get("days"))
    peak = f"{device.name}: {device.dense_bf16_tflops:g} dense BF16 TFLOP/s"
    source = f"source: {device.source}" if device.checked else "recalled, not checked against a source"
    note = f"{peak} ({source}); the MFU is taken as {mfu:g}"
    return hardware, note if gpu else f"no --gpu is given, so GPU-hours are those of {note}"


def budget_for(
    law: ScalingLaw, *, flops: float | None = None, params: float | None = None, tokens: float | None = None
) -> Budget:
    """The budget: FLOPs as given, those of a given run, or those of the optimal run with ``params`` or ``tokens``.

    Raises:
        UsageError: none of these is given, FLOPs are given with another, or the FLOPs are not possible for a run.
    """
    given = [value for value in (flops, params, tokens) if value is not None]
    if not given:
        raise UsageError("a plan needs one budget: pass --flops, --params, --tokens, --params with --tokens, or --gpu")
    if flops is not None and len(given) > 1:
        others = " and ".join(_named(name for name, value in (("params", params), ("tokens", tokens)) if value))
        raise UsageError(f"--flops: is a budget by itself; leave out --flops, or leave out {others}")
    if not all(math.isfinite(value) and value >= 1 for value in given):
        raise UsageError(f"a budget must be finite and at least 1, not {', '.join(map(format_power, given))}")
    try:
        needed = flops or _flops_of(law, params, tokens)
    except OverflowError:
        needed = math.inf
    check_flops(needed)
    return Budget(needed, params, tokens)


def check_flops(flops: float) -> None:
    """Check that a training run may have so many FLOPs.

    Raises:
        UsageError: no training run has.
    """
    low, high = FLOPS_BOUNDS
    if not low <= flops <= high:
        raise UsageError(
            f"a budget of {format_power(flops)} FLOPs is not a training run;"
            f" give one from {format_power(low)} to {format_power(high)} FLOPs"
        )


def _flops_of(law: ScalingLaw, params: float | None, tokens: float | None) -> float:
    if params is None:
        return law.optimum_of_tokens(tokens or 0).flops
    return (law.optimum_of_params(as_counted(law, params)) if tokens is None else Run(params, tokens)).flops
