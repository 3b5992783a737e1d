"""The request for an ingest: selected files, loaded tokenizers, and how the source is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.extraction import Extraction
from tokaudit.core.rows_in_catalog import ROWS_IN_CATALOG
from tokaudit.core.token_ids import TokenIds
from tokaudit.ingesters.base import Ingester
from tokaudit.ingesters.cleaning import Step
from tokaudit.measure.language_label import LANGUAGE, detector_of, is_detected
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.pipeline.engines import LOCAL, EngineChoice
from tokaudit.pipeline.how_measured import HowMeasured
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.encodings.names import detectors
from tokaudit.readers.files import LeftOut
from tokaudit.readers.formats import READERS
from tokaudit.readers.unpack.limits import Limits


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to count, and how.

    Attributes:
        selected, left_out: the files, as `select` returns them.
        counters: one per tokenizer.
        settings: how the source is counted.
        skip_bad: whether bad records become rows and the ingest continues; else the first one ends it.
        workers: number of threads that measure.
        memory: about how many bytes the batches in memory may take.
        limits: limits on what a file may unpack to.
        rows_in_catalog: rows of each kind that may stay in the catalog's file; if there are more, they are moved.
        groups: whether groups of duplicates are brought up to date; else that is left to `resume`.
        again: whether files that have not changed are read again, too.
        recorded: further settings to record with the ingest.
        token_ids: the vocabulary of selected stores of token ids; None if there are none.
        engine: what measures the files.
        asked: for each of the counters, the names by which other machines find its vocabulary, the best first.
    """

    selected: Sequence[Selected]
    left_out: Sequence[LeftOut]
    counters: Sequence[Counter]
    settings: SourceSettings
    skip_bad: bool = False
    workers: int = 1
    memory: int = 2**30
    limits: Limits = field(default_factory=Limits)
    rows_in_catalog: int = ROWS_IN_CATALOG
    groups: bool = True
    again: bool = False
    recorded: Mapping[str, Any] = field(default_factory=dict)
    token_ids: TokenIds | None = None
    engine: EngineChoice = LOCAL
    asked: Sequence[Sequence[str]] = ()

    @property
    def ingester(self) -> Ingester:
        """The ingester of the source's domain."""
        return self.how_measured({}).ingester

    @property
    def steps(self) -> Sequence[Step]:
        """The cleaning steps, in order."""
        return self.how_measured({}).steps

    @property
    def extraction(self) -> Extraction:
        """How texts are extracted from pages and books."""
        return self.how_measured({}).extraction

    def how_measured(self, labels: Mapping[str, str]) -> HowMeasured:
        """How the files are measured; `labels` are all that the source keeps, name -> field or detector."""
        return HowMeasured(self.settings, labels, self.memory, self.token_ids)

    def as_recorded(self) -> dict[str, Any]:
        """The settings that the catalog records, as values for JSON."""
        return {**self.what_decides(), **self.recorded, **self.engine.recorded()}

    def what_decides(self) -> dict[str, Any]:
        """All settings and versions that the counts depend on, as values for JSON."""
        tokenizers = [asdict(counter.identity) for counter in self.counters]
        library = self.ingester.label_library
        labels = {} if library is None else {"label_library": library()}
        language = self.settings.labels.get(LANGUAGE)
        if language is not None and is_detected(language):
            labels["language_detector"] = detector_of(language)
        has_pages = any(READERS.get(each.reader).has_pages for each in self.selected)
        extractor = {"extractor": self.extraction.identity} if has_pages else {}
        encodings = {"encoding_detectors": detectors()} if self.ingester.old_encodings else {}
        own = {"tokenizers": tokenizers, "limits": self.limits.given()}
        return {**asdict(self.settings), **own, **labels, **extractor, **encodings}
