"""The result of an ingest, for programs and for notebooks."""

from dataclasses import dataclass, fields
from typing import Any, Self

from tokaudit.api.frames import as_json
from tokaudit.pipeline.result import IngestResult
from tokaudit.reports.html import table_html
from tokaudit.reports.protocol import ForPeople, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogIngest(IngestResult):
    """The numbers of all that was handed over, whether it was counted now or before. See `IngestResult`."""

    @classmethod
    def of(cls, result: IngestResult) -> Self:
        """The result of the pipeline, for programs."""
        return cls(**{each.name: getattr(result, each.name) for each in fields(result)})

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of ``tokaudit ingest``."""
        return as_json(self.document())

    def _repr_html_(self) -> str:
        above = f"{self.source} ({self.domain})"
        people = ForPeople(before=[above])
        return table_html(Table(("field", "value"), self.rows(), notes=list(self.notes()), people=people))
