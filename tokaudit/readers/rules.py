"""Rules that leave out a file by its path, below a folder or inside an archive."""

from typing import Final

from tokaudit.readers.files import VCS_FOLDERS

_HIDDEN: Final = (".", "_")
_HIDDEN_IN_CODE: Final = frozenset({".ipynb_checkpoints", "__MACOSX"})


def name_rule(below: str, *, code: bool) -> str | None:
    """The rule that leaves out a file by its path; None if none does.

    Args:
        below: path below the folder or inside the archive, with forward slashes.
        code: whether it is in a source tree, where names such as ``.github`` and ``__init__.py`` count.

    Returns:
        ``vcs`` for what a version-control system stores, ``hidden`` for hidden names, or None.
    """
    parts = below.split("/")
    if not VCS_FOLDERS.isdisjoint(parts):
        return "vcs"
    if code:
        hidden = parts[-1].startswith("._") or not _HIDDEN_IN_CODE.isdisjoint(parts)
    else:
        hidden = any(part.startswith(_HIDDEN) for part in parts)
    return "hidden" if hidden else None
