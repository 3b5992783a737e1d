"""Names of datasets: what users write, and the URL by which a split is known afterwards."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote, unquote

from tokaudit.core.errors import UsageError

SCHEME: Final = "hub://"
_NAME: Final = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
_FORM: Final = "write it as org/name[:configuration[:split]][@revision], or as a folder or file that is there"


def _there(path: str) -> str | None:
    """The absolute path of what lies on this machine, None if nothing does."""
    try:
        found = Path(path).expanduser()
        return str(found.resolve()) if path and found.exists() else None
    except (OSError, RuntimeError, ValueError):  # too long, no such user, or a NUL: no path at all
        return None


@dataclass(frozen=True, slots=True)
class DatasetName:
    """A dataset, or one split of it.

    Attributes:
        path: absolute path of a local folder or file, or a name on the hub.
        config, split: empty where none is named.
        revision: branch, tag or commit on the hub; empty where none is named, and for local data.
    """

    path: str
    config: str = ""
    split: str = ""
    revision: str = ""

    @property
    def local(self) -> bool:
        """Whether it lies on this machine."""
        return Path(self.path).is_absolute()

    @property
    def url(self) -> str:
        """The stable name of the split, which ``from_url`` reads back."""
        parts = ":".join(quote(part, safe="/") for part in (self.path, self.config, self.split)).rstrip(":")
        return SCHEME + parts + (f"@{quote(self.revision, safe='')}" if self.revision else "")

    @classmethod
    def from_url(cls, url: str) -> Self:
        """The split that ``url`` names."""
        rest, _, revision = url.removeprefix(SCHEME).partition("@")
        path, config, split = (unquote(part) for part in (rest + "::").split(":")[:3])
        return cls(path, config, split, unquote(revision))

    @classmethod
    def parse(cls, spec: str) -> Self:
        """The dataset that a user means; what lies on this machine goes before a name on the hub.

        Raises:
            UsageError: ``spec`` can be neither.
        """
        if spec.startswith(SCHEME):
            name = cls.from_url(spec)
        elif there := _there(spec):
            return cls(there)
        else:
            rest, _, revision = spec.partition("@")
            path, config, split, *more = [*rest.split(":"), "", ""]
            if any(more):
                raise UsageError(f"dataset {spec!r}: too many colons ({_FORM})")
            name = cls(path, config, split, revision)
        if there := _there(name.path):
            if name.revision:
                raise UsageError(f"dataset {spec!r} lies on this machine: it has no revision {name.revision!r}")
            return replace(name, path=there)
        if not _NAME.fullmatch(name.path):
            raise UsageError(f"no dataset {spec!r}: no such file or folder, and no name on the hub ({_FORM})")
        return name
