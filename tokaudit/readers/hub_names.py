"""Names of datasets as users write them, and the URL that identifies a split afterwards."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote, unquote

from tokaudit.core.errors import UsageError

SCHEME: Final = "hub://"
_NAME: Final = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
_FORM: Final = "write org/name[:configuration[:split]][@revision], or an existing folder or file"


def _there(path: str) -> str | None:
    """The absolute path of an existing file or folder; None if there is none."""
    try:
        found = Path(path).expanduser()
        return str(found.resolve()) if path and found.exists() else None
    except (OSError, RuntimeError, ValueError):  # too long, an unknown user or a NUL: not a path
        return None


@dataclass(frozen=True, slots=True)
class DatasetName:
    """A dataset, or one split of it.

    Attributes:
        path: absolute path of a local folder or file, or a name on the hub.
        config, split: empty if none is named.
        revision: branch, tag or commit on the hub; empty if none is named, and for local data.
    """

    path: str
    config: str = ""
    split: str = ""
    revision: str = ""

    @property
    def local(self) -> bool:
        """Whether the dataset is on this machine."""
        return Path(self.path).is_absolute()

    @property
    def url(self) -> str:
        """The stable URL of the split, which ``from_url`` reads."""
        parts = ":".join(quote(part, safe="/") for part in (self.path, self.config, self.split)).rstrip(":")
        return SCHEME + parts + (f"@{quote(self.revision, safe='')}" if self.revision else "")

    @classmethod
    def from_url(cls, url: str) -> Self:
        """The split that a URL names."""
        rest, _, revision = url.removeprefix(SCHEME).partition("@")
        path, config, split = (unquote(part) for part in (rest + "::").split(":")[:3])
        return cls(path, config, split, unquote(revision))

    @classmethod
    def parse(cls, spec: str) -> Self:
        """The dataset that a user names; a path on this machine takes precedence over a name on the hub.

        Raises:
            UsageError: ``spec`` is neither.
        """
        if spec.startswith(SCHEME):
            name = cls.from_url(spec)
        elif there := _there(spec):
            return cls(there)
        else:
            rest, _, revision = spec.partition("@")
            path, config, split, *more = [*rest.split(":"), "", ""]
            if any(more):
                raise UsageError(f"dataset {spec!r}: has too many colons; {_FORM}")
            name = cls(path, config, split, revision)
        if there := _there(name.path):
            if name.revision:
                why = f"is on this machine, so it has no revision {name.revision!r}; leave it out"
                raise UsageError(f"dataset {spec!r}: {why}")
            return replace(name, path=there)
        if not _NAME.fullmatch(name.path):
            raise UsageError(f"dataset {spec!r}: is neither a file or folder nor a valid name on the hub; {_FORM}")
        return name
