"""How files are read and measured: all that a process needs besides the files and the loaded tokenizers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.extraction import Extraction
from tokaudit.core.token_ids import TokenIds
from tokaudit.ingesters.base import Ingester
from tokaudit.ingesters.cleaning import Step
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.language_detection import detect_languages, load_detector
from tokaudit.measure.language_label import LANGUAGE, is_detected
from tokaudit.measure.measure import Detect
from tokaudit.measure.repeats import Repeats
from tokaudit.pipeline.batch_size import batch_bytes
from tokaudit.readers.options import ReadOptions


@dataclass(frozen=True, slots=True)
class HowMeasured:
    """How files are read and measured. It can be sent to other machines.

    Attributes:
        settings: how the source is counted.
        labels: all labels that the source keeps, name -> field or detector.
        memory: about how many bytes the batches in memory may take.
        token_ids: the vocabulary of stores of token ids; None if there are none.
    """

    settings: SourceSettings
    labels: Mapping[str, str]
    memory: int
    token_ids: TokenIds | None = None

    @property
    def ingester(self) -> Ingester:
        """The ingester of the source's domain."""
        return ingester_of(self.settings.domain)

    @property
    def steps(self) -> Sequence[Step]:
        """The cleaning steps, in order."""
        return self.ingester.steps(self.settings.clean)

    @property
    def extraction(self) -> Extraction:
        """How texts are extracted from pages and books."""
        return self.ingester.extraction(self.settings.clean)

    @property
    def repeats(self) -> Repeats:
        """Which repetition inside a document is measured."""
        return Repeats(self.ingester.compares_lines, self.settings.repeat_length)

    @property
    def detects_language(self) -> bool:
        """Whether the language of each text is detected."""
        return is_detected(self.labels.get(LANGUAGE))

    def loaded_detector(self) -> Detect | None:
        """The detector of languages, loaded before threads share it; None if it is not asked for.

        Raises:
            MissingPackageError: it can't be loaded.
        """
        if not self.detects_language:
            return None
        load_detector()
        return detect_languages

    def read_options(self, in_hand: int, *, has_pages: bool) -> ReadOptions:
        """How readers find the text, and how much of it is measured at once.

        Args:
            in_hand: number of batches in memory at once.
            has_pages: whether there may be pages or books.
        """
        detected = self.detects_language
        return ReadOptions(
            labels={name: field for name, field in self.labels.items() if name != LANGUAGE or not detected},
            batch_bytes=batch_bytes(self.memory, in_hand, has_pages=has_pages),
            members=self.ingester,
            extraction=self.extraction,
            token_ids=self.token_ids,
        )
