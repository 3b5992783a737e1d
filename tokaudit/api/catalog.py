"""A catalog for programs and notebooks: what the commands do, with frames in and out."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tokaudit.api.argument_names import with_argument_names
from tokaudit.api.arguments import Data, OneOrMore, flag, ingest_options, text
from tokaudit.api.catalog_answers import CatalogAnswers, log_warnings
from tokaudit.api.catalog_place import catalog_place
from tokaudit.core.given_numbers import given_duration, whole_number
from tokaudit.core.logs import LIBRARY, logger
from tokaudit.core.option_bounds import MOST_ROWS
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.core.rows_in_catalog import ROWS_IN_CATALOG

if TYPE_CHECKING:
    from tokaudit.api.export_result import CatalogExport
    from tokaudit.api.ingest_result import CatalogIngest
    from tokaudit.core.progress import ProgressListener
    from tokaudit.core.rows import Row


@with_argument_names
def open_catalog(path: str | os.PathLike[str] | None = None) -> "Catalog":
    """The catalog in a DuckDB file. Nothing is opened or made: the first `Catalog.ingest` makes the file.

    Args:
        path: the file; None: the one that ``$TOKAUDIT_CATALOG`` names, else the one that ``tokaudit.toml`` in the
            working directory names, else ``tokaudit.duckdb`` there.

    Raises:
        UsageError: the path is not a path, or ``tokaudit.toml`` has a fault.
        InputError: ``tokaudit.toml`` can't be read.
    """
    return Catalog(catalog_place(path, "path"))


class Catalog(CatalogAnswers):
    """Counts text into a DuckDB file, and answers as the commands of the same names do.

    Answers are data frames with the columns of the commands' JSON rows. Their ``attrs`` have what the JSON document has
    next to the rows: ``tokenizer``, ``total``, ``complete``, ``warnings`` and so on. Warnings go to the logger
    ``tokaudit``, too. Every method opens the file for itself, so that other programs can work on it in between.

    Every method raises `CatalogError` if the catalog is missing, in use by another process, damaged, or of another
    version.

    Attributes:
        path: the DuckDB file, absolute.
    """

    @with_argument_names
    def ingest(  # long: each argument is explained
        self,
        data: Data,
        *,
        domain: str,
        source: str | None = None,
        reader: str = "auto",
        text_field: OneOrMore | None = None,
        include: OneOrMore = (),
        exclude: OneOrMore = (),
        tokenizer: OneOrMore | None = None,
        clean: Literal["default", "none"] = "default",
        label: Mapping[str, str] | None = None,
        language: bool = False,
        on_bad_record: Literal["stop", "skip"] = "stop",
        workers: int | None = None,
        memory: str | int = "1GiB",
        limit: Mapping[str, str | int] | Iterable[str] | None = None,
        repeat_length: int = REPEAT_LENGTH,
        rows_in_catalog: int = ROWS_IN_CATALOG,
        wait: str | float = "1h",
        progress: "ProgressListener | None" = None,
    ) -> "CatalogIngest":
        """Count text into the catalog, as ``tokaudit ingest`` does; the file is made if it is not there.

        What is counted already and has not changed is not read again. Data in memory have the path ``frame:SOURCE``.
        Their content is their identity: the same rows again change nothing, and other rows replace them. Only the text
        and the labels are kept meanwhile, in a temporary file, so that memory stays bounded. Afterwards they are gone.

        Args:
            data: one of these:

                * A ``str`` or a path object: a file, a folder, a glob or a URL.
                * A ``pandas.DataFrame``, a ``datasets.Dataset`` or ``IterableDataset``, or any table that has
                  ``__arrow_c_stream__`` or ``__dataframe__``, such as one of Polars, Arrow or DuckDB: one document per
                  row. A value of the text's column that is missing or not a ``str`` is a bad record.
                * An iterator or generator of ``str``: texts, one document each.
                * A list, tuple, array or series. If one item is a path object, all are paths. Strings are paths if
                  something is at each of them (a file, folder, glob match, or a URL of a known scheme). They are texts
                  if nothing is at any of them and none looks like a path: one line without blanks, with a separator or
                  the suffix of a format. All else is refused. ``[Path(p) for p in names]`` always means paths, and
                  ``iter(texts)`` always texts.
            domain: domain of the text, such as ``web``, ``books`` or ``code``.
            source: source under which it is counted. None: the last part of the first path; data in memory need one.
            reader: reader for the files; only for paths.
            text_field: field or column with the text, or several to try in order. ``a.b`` is inside an object,
                ``text[]`` a list and ``messages[].content`` a chat. None: the usual names are tried.
            include: globs; only files that match are counted. Only for paths.
            exclude: globs; files that match are left out. Only for paths.
            tokenizer: one or several; None: ``cl100k_base``.
            clean: the cleaning steps of the domain, or none.
            label: name -> field or column to keep with each document's counts.
            language: whether to detect the language of each document, as the label ``language``.
            on_bad_record: whether a bad record refuses its file (``stop``) or is recorded (``skip``).
            workers: number of threads; None: one per core.
            memory: memory for the text being counted, such as ``1GiB``, or a number of bytes.
            limit: limits on what a file may unpack to, by name; an integer is a number of bytes where it is a size.
            repeat_length: characters of the shortest line or paragraph that counts as repeated inside its document.
            rows_in_catalog: rows of each kind that stay in the catalog's file; more are moved to Parquet files.
            wait: how long to wait for other programs that have the catalog open, such as ``10min``, or in seconds.
            progress: hears how far the work has come; None: the logger ``tokaudit`` does, at level INFO.

        Returns:
            The numbers of all that was handed over. If not all could be counted, ``complete`` is False.

        Raises:
            UsageError: an argument makes no sense, there is nothing to count, or the source was counted in another way.
            InputError: nothing is at a path, or a record can't be read and bad records are not skipped. Files that were
                finished before it are counted.
            MissingPackageError: a package that is needed is not installed.
        """
        given = {name: value for name, value in locals().items() if name not in {"self", "data", "wait", "progress"}}
        from tokaudit.api.ingest_result import CatalogIngest
        from tokaudit.catalog.patience import patient
        from tokaudit.core.logged_progress import LoggedProgress
        from tokaudit.pipeline.ingest import ingest
        from tokaudit.pipeline.options import ingest_request
        from tokaudit.pipeline.rows_request import rows_request
        from tokaudit.readers.memory.given import given as what_is_given

        seconds = given_duration(wait, "wait")
        with LoggedProgress() as logged, patient(seconds, (progress or logged).remark):
            listener = progress or logged
            found = what_is_given(data)
            if isinstance(found, tuple):
                request = ingest_request(ingest_options(found, given), listener.note)
            else:
                request = rows_request(self.path, found, ingest_options((), given), listener.note)
            result = CatalogIngest.of(ingest(self.path, request, listener))
        for note in result.remarks():
            logger(LIBRARY).info("%s", note)
        log_warnings(result.cautions())
        return result

    @with_argument_names
    def export(
        self,
        kept: str | os.PathLike[str] | None = None,
        dropped: str | os.PathLike[str] | None = None,
        *,
        force: bool = False,
    ) -> "CatalogExport":
        """Write the documents that count, or the duplicates, to Parquet files; both are written, or neither.

        A row has the place of a document, its tokens, labels and group, but not its text. Duplicates are those of the
        whole catalog, and have their kept document in the row.

        Args:
            kept: file of the documents that count; None: it is not written.
            dropped: file of the duplicates; None: it is not written.
            force: whether files that exist are replaced.

        Raises:
            UsageError: no file is named, a file exists and `force` is not set, or nothing is counted.
            InputError: a file can't be written.
        """
        files = [
            None if file is None else Path(text(file, name)) for name, file in (("kept", kept), ("dropped", dropped))
        ]
        from tokaudit.api.export_result import CatalogExport
        from tokaudit.audit.export import export

        done = CatalogExport.of(export(self.path, *files, force=flag(force, "force")))
        log_warnings(done.warnings)
        return done

    @with_argument_names
    def forget(self, source: str, *, wait: str | float = "1h") -> "Row":
        """Remove a source: the numbers are then as if it had never been counted.

        Args:
            source: name of the source.
            wait: how long to wait for other programs that have the catalog open, such as ``10min``, or in seconds.

        Returns:
            ``source``, and the numbers of ``files`` and ``documents`` that were removed.

        Raises:
            UsageError: there is no such source.
        """
        from tokaudit.catalog.patience import patient
        from tokaudit.core.logged_progress import LoggedProgress
        from tokaudit.pipeline.forget import forget

        with LoggedProgress() as progress, patient(given_duration(wait, "wait"), progress.remark):
            return forget(self.path, text(source, "source"), progress.note)

    @with_argument_names
    def merge(
        self,
        *catalogs: "str | os.PathLike[str] | Catalog",
        rows_in_catalog: int = ROWS_IN_CATALOG,
        wait: str | float = "1h",
        progress: "ProgressListener | None" = None,
    ) -> "Row":
        """Bring catalogs that were counted apart into this one: the numbers are then as if all had been counted in it.

        The given catalogs are only read. If they count anything in two ways, nothing is written.

        Args:
            catalogs: the catalogs to add, or the paths of their files.
            rows_in_catalog: rows of each kind that stay in the catalog's file; more are moved to Parquet files.
            wait: how long to wait for other programs that have a catalog open, such as ``10min``, or in seconds.
            progress: hears how far the work has come; None: the logger ``tokaudit`` does, at level INFO.

        Returns:
            The JSON document of ``tokaudit merge``: ``rows`` has an entry per catalog, ``complete`` says whether the
            numbers are final.

        Raises:
            UsageError: no catalog is named or one is named twice, or they count something in two ways.
        """
        from tokaudit.catalog.patience import patient
        from tokaudit.core.logged_progress import LoggedProgress
        from tokaudit.pipeline.merge import merge

        places = [catalog_place(each, "catalogs") for each in catalogs]
        most = whole_number(rows_in_catalog, "rows_in_catalog", 0, MOST_ROWS)
        with LoggedProgress() as logged, patient(given_duration(wait, "wait"), (progress or logged).remark):
            result = merge(self.path, places, (progress or logged).note, most)
        log_warnings(result.notes)
        return result.document()

    @with_argument_names
    def forget_plan(self, name: str) -> None:
        """Remove a saved plan.

        Raises:
            UsageError: no saved plan has that name; the message lists the saved ones.
        """
        from tokaudit.planning.saved_plans import forget_plan

        forget_plan(self.path, text(name, "name"))
