"""What grouping the documents of some files would need, before any is counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from tokaudit.catalog.most_texts import MOST_TEXTS
from tokaudit.core.progress import Notify
from tokaudit.core.rows import Row
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.core.units import format_bytes, format_number_of
from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.estimate.costs import grouping_disk, grouping_memory
from tokaudit.pipeline.estimate.sampling import documents_of, take_sample
from tokaudit.pipeline.limit_options import parse_limits
from tokaudit.pipeline.options import IngestOptions, preview
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.options import ReadOptions


@dataclass(frozen=True, slots=True)
class GroupingNeed:
    """What grouping needs if no two documents have the same text; with copies it is less.

    Attributes:
        documents: number of documents, from a sample. Token ids are not among them: they have no near-duplicates.
        memory_bytes: the peak of the whole program while it groups.
        disk_bytes: bytes next to the catalog: signatures, and temporary files.
    """

    documents: int
    memory_bytes: int
    disk_bytes: int

    def document(self) -> Row:
        """The field ``grouping`` of the JSON document of a dry run."""
        return {"documents": self.documents, "memory_bytes": self.memory_bytes, "disk_bytes": self.disk_bytes}

    def sentence(self) -> str:
        """A note for the user."""
        documents = f"grouping about {format_number_of(self.documents, 'document')}"
        if self.documents > MOST_TEXTS:
            return f"{documents} is not possible: a catalog has at most {MOST_TEXTS:,}; count into several"
        memory, disk = format_bytes(self.memory_bytes), format_bytes(self.disk_bytes)
        return f"{documents} takes up to {memory} of memory, and {disk} on the disk of the catalog"


def dry_run_of(options: IngestOptions, notify: Notify) -> tuple[list[Row], GroupingNeed]:
    """The rows of `preview`, and what grouping the files that would be counted needs.

    Raises:
        UsageError: an option is not valid.
        InputError: nothing is at a path.
    """
    rows, selected = preview(options, notify)
    notify("reading a sample")
    return rows, grouping_need(selected, options)


def grouping_need(selected: Sequence[Selected], options: IngestOptions) -> GroupingNeed:
    """What grouping the documents of the files would need; reads a sample of some megabytes.

    Raises:
        UsageError: a text field or a limit is not valid.
    """
    texts = [chosen for chosen in selected if chosen.reader not in STORE_READERS]
    reading = ReadOptions(limits=parse_limits(options.limits), members=ingester_of(options.domain))
    documents = documents_of(take_sample(texts, TextFields.parse(options.text_fields), reading)).value
    memory = grouping_memory(documents, max(1, len(options.tokenizers)))
    return GroupingNeed(round(documents), round(memory), round(grouping_disk(documents)))
