"""The result of an export, for programs and for notebooks."""

from dataclasses import dataclass, fields
from typing import Any, Self

from tokaudit.api.frames import as_json
from tokaudit.audit.export import COLUMNS, Exported
from tokaudit.reports.html import table_html
from tokaudit.reports.protocol import ForPeople, Table


@dataclass(frozen=True, slots=True)
class CatalogExport(Exported):
    """The files that were written, with their documents and tokens. See `Exported`."""

    @classmethod
    def of(cls, done: Exported) -> Self:
        """The result, for programs."""
        return cls(*(getattr(done, each.name) for each in fields(done)))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of ``tokaudit export``."""
        return as_json(self.document())

    def _repr_html_(self) -> str:
        people = ForPeople(before=[self.summary()])
        return table_html(Table(COLUMNS, self.rows(), notes=list(self.warnings), people=people))
