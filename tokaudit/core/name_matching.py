"""Matching of names as people write them, without letter case, blanks and hyphens; names similar to an unknown one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

_PARTING: Final = ",/"  # a list of names is not one name, and a corpus is not its component
_MOST: Final = 10  # a longer list is too long to read
_ALIKE: Final = 5
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
_SAY_NOTHING: Final = frozenset("the version dataset corpus train".split())
"""Words that people add to names or leave out."""


@lru_cache(maxsize=4096)  # the registry's names are compared with each name that is looked for
def fold_name(name: str) -> str:
    """The letters, digits and separators of a name in lower case, the same for all its spellings; may be empty."""
    return "".join(each for each in name.casefold() if each.isalnum() or each in _PARTING)


def everyday_names(known: Iterable[str]) -> Mapping[str, str]:
    """Short forms of names that people use -> the name; without forms that several names have.

    ``stack 3`` stands for The Stack v3, ``nemotroncc2.1`` for Nemotron-CC-v2.1 and ``commonpile`` for the only Common
    Pile there is, v0.1.
    """
    whole: dict[str, set[str]] = defaultdict(set)
    without_number: dict[str, set[str]] = defaultdict(set)
    for name in known:
        words = _words(name)
        whole["".join(words)].add(name)
        while words and words[-1][0].isdigit():
            words.pop()
            without_number["".join(words)].add(name)
    found = {**without_number, **whole}
    return {form: min(names) for form, names in found.items() if form and len(names) == 1}


def find_everyday(name: str, known: Mapping[str, str]) -> str | None:
    """The name that people mean by a short form, a repository's name or a singular; None: unknown or several.

    Args:
        name: as written, perhaps with an owner before a slash.
        known: what `everyday_names` returned.
    """
    if "," in name:  # a list of names is not one name
        return None
    for written in dict.fromkeys((name, name.rpartition("/")[2])):
        form = "".join(_words(written))
        if found := known.get(form) or known.get(f"{form}s"):
            return found
    return None


def _words(name: str) -> list[str]:
    """Words and numbers in lower case, without what says nothing, remarks in brackets, and zeros after the point."""
    text = re.sub(r"\(.*?\)|v(?=\d)", " ", name.casefold())
    words = [re.sub(r"(\.0)+$", "", word) for word in _WORDS.findall(text)]
    return [word for word in words if word not in _SAY_NOTHING]


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
