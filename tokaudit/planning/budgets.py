"""What may be spent, from FLOPs, parameters, tokens or hardware, and the hardware it is spent on."""

import math
from collections.abc import Mapping
from typing import Final

from tokaudit.catalog.reference.accelerators import find_accelerator
from tokaudit.core.errors import UsageError
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
    """The budget, the hardware it is spent on, and what to know of that.

    Hardware is a budget of its own; beside another one it is what a price is for. None: neither is asked for.

    Args:
        law: what makes a budget of parameters or tokens alone.
        numbers: any of ``flops``, ``params``, ``tokens``, ``gpus``, ``days`` and ``mfu``.
        gpu: the accelerator; None: the usual one.
        priced: whether there is a price of an hour of it.

    Raises:
        UsageError: these are no budget, or more than one; an unknown accelerator.
    """
    model = {name: numbers[name] for name in _MODEL if name in numbers}
    if gpu is None and not priced:
        if stray := sorted(set(numbers) - set(model)):
            raise UsageError(f"{', '.join(f'--{name}' for name in stray)}: hardware needs --gpu NAME too")
        return budget_for(law, **model), None, []
    missing = sorted({"gpus", "days"} - set(numbers))
    if model and (not priced or not missing):
        own = "--gpus and --days are a budget of their own:"
        what = "--gpu needs a price: give --price-gpu-hour, or" if missing else own
        raise UsageError(f"{what} leave out {', '.join(f'--{name}' for name in model)}")
    if not model and gpu is not None and missing:
        raise UsageError(f"--gpu needs {' and '.join(f'--{name}' for name in missing)} too")
    hardware, note = _hardware(gpu, numbers)
    if not missing:
        model = {"flops": hardware.flops(hours(numbers["gpus"], numbers["days"]))}
    return budget_for(law, **model), hardware, [note]


def _hardware(gpu: str | None, numbers: Mapping[str, float]) -> tuple[Hardware, str]:
    """The accelerator of that name, or the usual one, and where its peak is known from."""
    device = find_accelerator(gpu or _GPU)
    mfu = numbers.get("mfu", _MFU)
    hardware = Hardware(device.name, device.flops_per_second, mfu, numbers.get("gpus"), numbers.get("days"))
    peak = f"{device.name}: {device.dense_bf16_tflops:g} dense BF16 TFLOP/s"
    source = f"source: {device.source}" if device.checked else "recalled, not checked against a source"
    note = f"{peak} ({source}), of which {mfu:g} is taken as used"
    return hardware, note if gpu else f"no --gpu is named, so GPU-hours are those of {note}"


def budget_for(
    law: ScalingLaw, *, flops: float | None = None, params: float | None = None, tokens: float | None = None
) -> Budget:
    """The budget of FLOPs, of a run as given, or of the compute-optimal run of so many parameters or tokens.

    Raises:
        UsageError: none of these is given, FLOPs beside others, or FLOPs that no run has.
    """
    given = [value for value in (flops, params, tokens) if value is not None]
    if not given or (flops is not None and len(given) > 1):
        raise UsageError("a plan needs one budget: --flops, --params, --tokens, --params and --tokens, or --gpu")
    if not all(math.isfinite(value) and value >= 1 for value in given):
        raise UsageError(f"a budget must be finite and at least 1, not {', '.join(f'{value:g}' for value in given)}")
    try:
        needed = flops or _flops_of(law, params, tokens)
    except OverflowError:
        needed = math.inf
    check_flops(needed)
    return Budget(needed, params, tokens)


def check_flops(flops: float) -> None:
    """Nothing, if some training run may have so many FLOPs.

    Raises:
        UsageError: none has.
    """
    low, high = FLOPS_BOUNDS
    if not low <= flops <= high:
        raise UsageError(f"a budget of {flops:.3g} FLOPs is no training run (they go from {low:g} to {high:g})")


def _flops_of(law: ScalingLaw, params: float | None, tokens: float | None) -> float:
    if params is None:
        return law.optimum_of_tokens(tokens or 0).flops
    return (law.optimum_of_params(as_counted(law, params)) if tokens is None else Run(params, tokens)).flops
