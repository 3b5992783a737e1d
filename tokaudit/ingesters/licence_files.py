"""Whether a file is a licence or another legal text that projects carry along, by its name."""

import re
from typing import Final

_NAME: Final = re.compile(
    r"(?:.+[-_.])?(?:un)?licen[cs]es?(?:[-_. ].*)?|copying(?:[-_.\d].*)?|copyrights?(?:\..*)?|notice(?:\..*)?"
    r"|(?:third[-_]?party[-_]?)notices?(?:\..*)?|patents(?:\..*)?|ofl(?:\..*)?|eula(?:\..*)?"
)
_PROSE: Final = frozenset({"other", "text", "markdown", "restructuredtext", "html", "asciidoc", "groff"})
_FOLDERS: Final = frozenset({"licenses", "licences"})


def is_licence(below: str, language: str) -> bool:
    """Whether a file is called like a licence, or lies in a folder of licences, and is prose.

    Args:
        below: its path, with forward slashes.
        language: its language, so that code about licences, such as ``license.py``, is none.
    """
    if language not in _PROSE:
        return False
    *folders, name = below.lower().split("/")
    return _NAME.fullmatch(name) is not None or not _FOLDERS.isdisjoint(folders)
