"""Names as people write them: letter case, blanks, hyphens and the like aside, and what is like an unknown one."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

_PARTING: Final = ",/"  # a list of names is not one name, nor a corpus and a component
_MOST: Final = 10  # a message that lists more is read by nobody
_ALIKE: Final = 5


def fold_name(name: str) -> str:
    """What two spellings of one name share: letters, digits, and what parts names, in lower case; may be empty."""
    return "".join(each for each in name.casefold() if each.isalnum() or each in _PARTING)


def similar_names(name: str, known: Iterable[str]) -> list[str]:
    """Known names that may be meant, ten at most: the shortest that hold what was asked for, then others like it."""
    by_folded = {fold_name(each): each for each in known}
    folded = fold_name(name)
    holding = sorted((each for key, each in by_folded.items() if folded and folded in key), key=len)
    alike = [by_folded[key] for key in get_close_matches(folded, by_folded, _ALIKE)]
    return list(dict.fromkeys([*holding, *alike]))[:_MOST]


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a message that names the known name of most like letters; empty where none is."""
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
