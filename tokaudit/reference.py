"""Published facts that ship with tokaudit, read from ``catalog/reference``."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from tokaudit.errors import UsageError
from tokaudit.names import folded
from tokaudit.paths import shipped
from tokaudit.records import RepeatedRun, TokenRate, TokenRates

T = TypeVar("T")

Status = Literal["read", "second-hand", "recalled"]
"""How a number is known: from its source, from somebody who cites it, or from memory, unchecked."""


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One device.

    Attributes:
        name: as its maker calls it.
        dense_bf16_tflops: dense BF16 peak in 1e12 FLOPs a second (FP16 where it has no BF16).
        status: how that is known.
        source: where, in words; may be empty.
    """

    name: str
    dense_bf16_tflops: float
    status: Status
    source: str

    @property
    def flops_per_second(self) -> float:
        """That peak in FLOPs a second."""
        return self.dense_bf16_tflops * 1e12

    @property
    def checked(self) -> bool:
        """Whether the peak was read in some source rather than recalled."""
        return self.status != "recalled"


@dataclass(frozen=True, slots=True)
class KnownRun:
    """One published training run; None where nothing is known.

    Attributes:
        run: its name.
        params: as published.
        active_params: those that a token passes through, of a mixture of experts; None for a dense model.
        params_counted: what ``params`` are.
        tokens: trained on, repeats included.
        unique_tokens: in its corpus.
        flops_published: training FLOPs as published.
        status: how the least sure of these numbers is known.
        source: where they come from; may be empty.
        note: what to know of them, such as sources in conflict; may be empty.
    """

    run: str
    params: float
    active_params: float | None
    params_counted: Literal["total", "non-embedding"]
    tokens: float
    unique_tokens: float | None
    flops_published: float | None
    status: Status
    source: str
    note: str

    @property
    def flops(self) -> float:
        """``6ND``, N the active params of a mixture of experts."""
        return 6 * (self.active_params or self.params) * self.tokens

    @property
    def flops_ratio(self) -> float | None:
        """``6ND`` over the FLOPs as published."""
        return self.flops / self.flops_published if self.flops_published else None


def accelerators() -> list[Accelerator]:
    """All known devices, in the file's order."""
    return read_rows(Accelerator, "accelerators.csv")


def known_runs() -> list[KnownRun]:
    """All known runs, in the file's order."""
    return read_rows(KnownRun, "known_runs.csv")


def token_rates() -> TokenRates:
    """What is published of tokenizers' counts of one text, and the names that tokenizers have."""
    return TokenRates(
        rows=tuple(read_rows(TokenRate, "token_rates.csv")),
        names={row["name"]: row["known_as"] for row in read_table("token_names.csv")},
    )


def repeated_runs() -> list[RepeatedRun]:
    """The runs that arXiv:2305.16264 repeated data in, and those of the same sizes that repeat none."""
    return read_rows(RepeatedRun, "repeats_measured.csv")


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of ``catalog/reference/NAME``, as text."""
    with (shipped("catalog") / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rows(kind: type[T], name: str, chosen: Callable[[dict[str, str]], bool] | None = None) -> list[T]:
    """The rows of a file as dataclasses, in its order: each field is the column of its name.

    Args:
        kind: with fields of texts, numbers, ``yes`` or ``no``, or the words of a ``Literal``; an empty cell is None
            where the field may be.
        name: of the file.
        chosen: which rows; None: all.

    Raises:
        ValueError: a cell holds something else; the file is at fault.
    """
    hints = get_type_hints(kind)
    rows = [row for row in read_table(name) if chosen is None or chosen(row)]
    return [kind(**{field: _cell(row[field], hint) for field, hint in hints.items()}) for row in rows]


def _cell(text: str, hint: Any) -> Any:
    of, *others = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if not text and NoneType in others:
        return None
    words = ("yes", "no") if of is bool else get_args(of)
    if words and text not in words:
        raise ValueError(f"{text!r} is none of {words}")
    return text == "yes" if of is bool else text if words else of(text)


def find_accelerator(name: str) -> Accelerator:
    """The device of that name or of a name that begins so, letter case, hyphens and blanks aside.

    Raises:
        UsageError: none, or several; the message lists those that may be meant.
    """
    known = accelerators()
    asked = folded(name)
    exact = [device for device in known if folded(device.name) == asked]
    found = exact or [device for device in known if asked and folded(device.name).startswith(asked)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"--gpu: {name!r} may be any of {', '.join(device.name for device in found)}")
    raise UsageError(f"--gpu: unknown accelerator {name!r} (known: {', '.join(device.name for device in known)})")
