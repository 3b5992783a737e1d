"""A comparison of two saved plans in words, and as people see its rows."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tokaudit.audit.answer import Answer
from tokaudit.core.rows import Row
from tokaudit.core.units import format_count, format_power, percent

SHOWN: Final = ("domain", "need", "by run", "by share", "unique tokens", "epochs", "verdict")
"""Columns that people see: changes of the need, and what there is in A and in B."""
_IN_VERDICT: Final = ("constraint", "certainty", "binding_domain")
_CHANGES: Final = ("tokens_needed", "tokens_unique", "because_of_share")
_IN_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "flops": format_power,
    "epochs": "{:.3g}".format,
    "compute_equivalent_share": percent,
    **dict.fromkeys(("params_optimal", "tokens_optimal", "params_constrained", "tokens_constrained"), format_count),
}


def signed_count(value: float) -> str:
    """``+1.20B``, ``-300M`` or ``0``."""
    return f"{'+' if value > 0 else ''}{format_count(value)}" if value else "0"


def verdict_changed(answer: Answer) -> str:
    """One or two sentences: the verdicts of both plans, and the single inputs that turn the first one."""
    said = {row["answer"]: row for row in answer.extra["answers"]}
    before, after = (_verdict(said, name) for name in ("a", "b"))
    if said["constraint"]["a"] == said["constraint"]["b"]:
        if not before:
            return "Neither plan has a verdict."
        return f"The constraint is the same: {before}{'' if before == after else f' in A, {after} in B'}."
    sentence = f"The verdict is {before or 'none'} in A and {after or 'none'} in B."
    turned = [row["input"] for row in answer.extra["by_input"] if row["constraint"] == said["constraint"]["b"]]
    if turned:
        return f"{sentence} The {' or the '.join(turned)} of B alone would turn A's verdict into B's."
    if answer.extra["by_input"]:
        return f"{sentence} No single input of B would turn A's verdict into B's."
    return sentence


def _verdict(said: Mapping[str, Row], name: str) -> str:
    """``data in code (likely)``; empty without a verdict."""
    constraint, domain, level = (said[answer][name] for answer in ("constraint", "binding_domain", "certainty"))
    if constraint is None:
        return ""
    where = f" in {domain}" if domain and constraint == "data" else ""
    return f"{constraint}{where}{f' ({level})' if level else ''}"


def settings_changed(answer: Answer) -> tuple[str, ...]:
    """A line per option that differs."""
    rows = answer.extra["settings"]
    return tuple(f"{row['setting']}: {row['a'] or 'not given'} in A, {row['b'] or 'not given'} in B" for row in rows)


def answers_changed(answer: Answer) -> tuple[str, ...]:
    """A line per answer that differs, beyond the verdict, which `verdict_changed` has."""
    rows = [row for row in answer.extra["answers"] if row["a"] != row["b"] and row["answer"] not in _IN_VERDICT]
    return tuple(f"{_name(row['answer'])}: {_words(row, 'a')} in A, {_words(row, 'b')} in B" for row in rows)


def _name(answer: str) -> str:
    return answer.replace("_", " ").replace("params", "parameters")


def _words(row: Row, name: str) -> str:
    return "none" if row[name] is None else _IN_WORDS.get(row["answer"], str)(row[name])


def domains_shown(answer: Answer) -> list[Row]:
    """The domains whose need or supply changed: how much, and what they have in A and in B."""
    return [
        {
            "domain": row["domain"],
            "need": row["tokens_needed"],
            "by run": row["because_of_tokens"],
            "by share": row["because_of_share"],
            "unique tokens": _pair(row, "tokens_unique", format_count),
            "epochs": _pair(row, "epochs", "{:.3g}".format),
            "verdict": _pair(row, "verdict", str),
        }
        for row in answer.rows
        if any(row[column] for column in _CHANGES)
    ]


def _pair(row: Row, field: str, words: Callable[[Any], str]) -> str:
    """``20.0B to 100B``; a single value if both are the same."""
    values = row[f"{field}_a"], row[f"{field}_b"]
    before, after = ("none" if value is None else words(value) for value in values)
    return before if before == after else f"{before} to {after}"
