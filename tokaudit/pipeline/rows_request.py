"""The request for an ingest of rows or texts that a program hands over."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.source_settings import stored_settings
from tokaudit.catalog.sources import SourceSettings, source_names
from tokaudit.core.errors import UsageError
from tokaudit.core.progress import Notify
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.language_label import is_detected
from tokaudit.pipeline.default_labels import DefaultLabels
from tokaudit.pipeline.options import IngestOptions, ingest_request, source_settings
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.select import AUTO
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.fields.record_paths import missing_field
from tokaudit.readers.memory.given import Texts
from tokaudit.readers.memory.rows import Rows
from tokaudit.readers.memory.spooled import BELOW, READER, column_at, frame_path, spooled_rows, spooled_texts


def rows_request(catalog: Path, data: Rows | Texts, options: IngestOptions, notify: Notify) -> IngestRequest:
    """A request to count rows or texts as the file ``frame:SOURCE``; they are read to their end.

    Args:
        catalog: the DuckDB file, which need not be there.
        data: the rows or texts.
        options: the options, without paths.
        notify: hears what may take long.

    Raises:
        UsageError: no source is named, an option makes no sense without files, or there is no column with text.
        InputError: there is no room to keep the texts while they are counted.
        CatalogError: the catalog can't be written, or another process writes to it.
    """
    if options.source is None:
        raise UsageError("source: data in memory have no name; name their source with source=")
    for name, given in {
        "reader": options.reader != AUTO,
        "include": options.include,
        "exclude": options.exclude,
    }.items():
        if given:
            raise UsageError(f"{name}: data in memory are not files; leave it out")
    named = replace(options, paths=(frame_path(options.source),))
    settings = _with_earlier(catalog, source_settings(named))
    fields = settings.text_fields.of(BELOW)
    notify("reading the data")
    if isinstance(data, Texts):
        if options.text_fields or options.labels:
            name = "text_field" if options.text_fields else "label"
            raise UsageError(f"{name}: texts have no fields; leave it out, or pass a table of texts and labels")
        file = spooled_texts(options.source, data.values, fields[0])
    else:
        _check_labels(data, options.labels or {})
        file = spooled_rows(options.source, data, fields, _label_fields(settings))
    return ingest_request(named, notify, [Selected(file, READER)])


def _with_earlier(catalog: Path, settings: SourceSettings) -> SourceSettings:
    """The settings, with the labels and rules that the source has from an earlier ingest."""
    if not catalog.is_file():
        return settings
    with exclusive_writer(catalog), open_readonly(catalog) as connection:  # the writer upgrades an older catalog
        if settings.source not in source_names(connection):
            return settings
        earlier = stored_settings(connection, settings.source)
    return replace(
        settings,
        labels={**earlier.labels, **settings.labels},
        text_fields=settings.text_fields.after(earlier.text_fields),
    )


def _check_labels(data: Rows, asked: Mapping[str, str]) -> None:
    """Check that the columns of the labels that are asked for now are there."""
    absent = {name: field for name, field in asked.items() if column_at(field, data.columns) is None}
    if absent and data.has_all_columns:
        name, field = next(iter(absent.items()))
        raise UsageError(f"label {name!r}: the table {missing_field('column', [field], data.columns)}")


def _label_fields(settings: SourceSettings) -> Iterable[str]:
    """The fields that labels are read from: those that are kept, and those that the domain looks for by itself."""
    wanted = DefaultLabels(ingester_of(settings.domain).label_fields, settings.labels)
    return [field for field in wanted.fields.values() if not is_detected(field)]
