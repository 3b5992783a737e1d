"""Which files an ingest counts, with which reader, and which it leaves out by which rule."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tokaudit.ingesters.base import Ingester
from tokaudit.pipeline.about_data import about_data, without_partners
from tokaudit.pipeline.lone_stores import all_in_order, lone_stores
from tokaudit.pipeline.page_assets import page_assets
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.detect import detect
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile, LeftOut
from tokaudit.readers.formats import READERS
from tokaudit.readers.paths.listing import expand
from tokaudit.readers.paths.rules import Patterns, name_rule

AUTO: Final = "auto"
"""Given instead of a reader's name: each file has the reader of its format."""
KEPT_BYTES: Final = 64_000_000
"""Bytes that are kept of small files that were read to choose their reader."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asks to be counted.

    Attributes:
        paths: the paths as the user named them.
        reader: ``auto``, or the name of the reader for all files. Some readers find files by themselves, such as
            those in folders that `datasets` saved.
        patterns: which files are left out by the user.
        text_fields: where the text is.
    """

    paths: Sequence[str]
    reader: str = AUTO
    patterns: Patterns = field(default_factory=Patterns)
    text_fields: TextFields = field(default_factory=TextFields)


def select(wanted: Selection, ingester: Ingester) -> tuple[list[Selected], list[LeftOut]]:
    """The files to count and those left out. Their order is always the same, and decides no number.

    Args:
        wanted: what is asked for.
        ingester: decides on files in folders if the reader is ``auto``.

    Raises:
        UsageError: there is no such reader.
        InputError: nothing is at a path.
    """
    located = _located(wanted)
    if located is not None:
        return located
    found, left = expand(wanted.paths, wanted.patterns)
    files = _without_hidden(found, wanted.patterns, ingester, left)
    if wanted.reader != AUTO:
        selected, partners = without_partners([Selected(file, wanted.reader) for file in files])
        return selected, left + partners
    selected = _chosen(files, ingester, left)
    lone = lone_stores(selected, files, left)
    paths = {item.file.path for item in lone}
    left = [item for item in left if item.path not in paths]
    selected = all_in_order(selected, lone)
    if not ingester.is_code:
        selected, left = page_assets(selected, left)
        selected, left = about_data(selected, left, wanted.text_fields)
    return selected, sorted(left, key=lambda item: item.path)


def _without_hidden(
    found: Sequence[InputFile], patterns: Patterns, ingester: Ingester, left: list[LeftOut]
) -> list[InputFile]:
    """The files that no rule leaves out by their names; adds the others to `left`."""
    files = []
    for file in found:
        asked = file.named or patterns.ask_for_hidden(file.below)
        rule = None if asked else name_rule(file.below, code=ingester.is_code)
        if rule is None:
            files.append(file)
        else:
            left.append(LeftOut(file.path, rule, file.size))
    return files


def _chosen(files: Sequence[InputFile], ingester: Ingester, left: list[LeftOut]) -> list[Selected]:
    """The files with their readers; adds files that the ingester leaves out to `left`."""
    selected = []
    held = 0
    for file in files:
        if file.named:
            selected.append(Selected(file, detect(file)))
            continue
        chosen = ingester.choose(file)
        if chosen.reader is None:
            left.append(LeftOut(file.path, chosen.left_out or "unclaimed", file.size))
            continue
        looked_into = chosen.file if chosen.file and held < KEPT_BYTES else file
        held += looked_into.size if looked_into.data is not None else 0
        selected.append(Selected(looked_into, chosen.reader))
    return selected


def _located(wanted: Selection) -> tuple[list[Selected], list[LeftOut]] | None:
    """The files that one reader finds by itself at all of the paths, and those left out; None if none does."""
    for name in READERS.names() if wanted.reader == AUTO else [wanted.reader]:
        plug = READERS.get(name)
        found = [plug.locate(path, named=wanted.reader != AUTO) for path in wanted.paths]
        if None not in found:
            files = [file for each in found for file in each or ()]
            kept = [Selected(file, name) for file in files if not wanted.patterns.leave_out(file.below)]
            out = [file for file in files if wanted.patterns.leave_out(file.below)]
            return kept, [LeftOut(file.path, "excluded", file.size) for file in out]
    return None
