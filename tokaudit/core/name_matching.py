"""Matching of names as people write them, without letter case, blanks and hyphens; names similar to an unknown one."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

_PARTING: Final = ",/"  # a list of names is not one name, and a corpus is not its component
_MOST: Final = 10  # a longer list is too long to read
_ALIKE: Final = 5


def fold_name(name: str) -> str:
    """The letters, digits and separators of a name in lower case, the same for all its spellings; may be empty."""
    return "".join(each for each in name.casefold() if each.isalnum() or each in _PARTING)


def similar_names(name: str, known: Iterable[str]) -> list[str]:
    """At most ten known names that may be meant: those that contain the name, shortest first, then similar ones."""
    by_folded = {fold_name(each): each for each in known}
    folded = fold_name(name)
    holding = sorted((each for key, each in by_folded.items() if folded and folded in key), key=len)
    alike = [by_folded[key] for key in get_close_matches(folded, by_folded, _ALIKE)]
    return list(dict.fromkeys([*holding, *alike]))[:_MOST]


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a message that suggests the most similar known name; empty if none is similar."""
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def unknown_name(noun: str, name: str, known: Sequence[str]) -> str:
    """The message that nothing is called ``name``: with the most similar known name, if any, and all of them."""
    return f"unknown {noun} {name!r}{did_you_mean(name, known)} (known: {', '.join(known)})"
