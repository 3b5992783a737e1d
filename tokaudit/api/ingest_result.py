"""The result of an ingest, for programs and for notebooks."""

from dataclasses import dataclass, fields
from typing import Any, Self

from tokaudit.api.frames import as_json
from tokaudit.api.html_table import html_table
from tokaudit.pipeline.result import IngestResult


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
        return html_table(f"{self.source} ({self.domain})", ("field", "value"), self.rows(), self.notes())
