"""Which field of a file contains its text: the names that ``--text-field`` gives, for all files or for some."""

from collections.abc import Iterable
from dataclasses import dataclass

from tokaudit.core.errors import UsageError
from tokaudit.readers.options import TEXT_FIELDS
from tokaudit.readers.paths.rules import matches

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class TextFields:
    """Names to look for.

    Attributes:
        names: for all files; empty: those of `TEXT_FIELDS`.
        rules: pairs of a glob of paths and the names for these files; the last that matches decides.
    """

    names: tuple[str, ...] = ()
    rules: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def parse(cls, given: Iterable[str], option: str = "--text-field") -> "TextFields":
        """From ``NAME[,NAME…]`` and ``GLOB=NAME[,NAME…]``.

        Raises:
            UsageError: a name or glob is empty.
        """
        names: list[str] = []
        rules = []
        for text in given:
            glob, equals, listed = text.rpartition("=")
            found = [name.strip() for name in listed.split(",")]
            if not all(found) or (equals and not glob):
                raise UsageError(
                    f"{option} {text!r}: is not NAME[,NAME…] or GLOB=NAME[,NAME…]; write --text-field body"
                )
            if equals:
                rules.append((glob, tuple(found)))
            else:
                names += found
        return cls(tuple(dict.fromkeys(names)), tuple(rules))

    @classmethod
    def stored(cls, general: str, rules: Iterable[str]) -> "TextFields":
        """From what the catalog has stored: `general` and `stored_rules`."""
        return cls.parse([*([] if general == AUTO else [general]), *rules])

    def of(self, below: str) -> tuple[str, ...]:
        """The names for the file with this path below the named folder."""
        for glob, names in reversed(self.rules):
            if matches(below, glob):
                return names
        return self.names or TEXT_FIELDS

    def of_counted(self, below: str, field: str | None, *, is_archive: bool) -> tuple[str, ...]:
        """The names with which the texts of a file that was counted are found again.

        Args:
            below: its path below the named folder.
            field: field that its texts are from; None if that is not known, or the format has no fields.
            is_archive: whether it is an archive, in which each member may have a field of its own.
        """
        return self.of(below) if field is None or is_archive else (field,)

    @property
    def general(self) -> str:
        """The names for all files as the catalog stores them: ``auto``, or the names with commas."""
        return ",".join(self.names) or AUTO

    def stored_rules(self) -> list[str]:
        """The rules as the catalog stores them: ``GLOB=NAME,NAME``."""
        return [f"{glob}={','.join(names)}" for glob, names in self.rules]

    def after(self, earlier: "TextFields") -> "TextFields":
        """These, with the rules of an earlier ingest before them."""
        return TextFields(self.names, tuple(dict.fromkeys((*earlier.rules, *self.rules))))
