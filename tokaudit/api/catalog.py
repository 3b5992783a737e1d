"""A catalog for programs and notebooks: what the commands do, with frames in and out."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tokaudit.api.argument_names import in_python, with_argument_names
from tokaudit.api.arguments import (
    Data,
    OneOrMore,
    ingest_options,
    one_of,
    parameter,
    seconds,
    text,
    texts,
    whole,
)
from tokaudit.api.frames import to_frame
from tokaudit.core.default_catalog import default_catalog
from tokaudit.core.errors import TokauditError
from tokaudit.core.logs import logger
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.reports.html import paragraph_html, table_html
from tokaudit.reports.protocol import ForPeople, Table

if TYPE_CHECKING:
    import pandas as pd

    from tokaudit.api.ingest_result import CatalogIngest
    from tokaudit.audit.answers import Answer
    from tokaudit.core.progress import ProgressListener
    from tokaudit.core.rows import Row

_SHOWN = ("documents_seen", "documents_unique", "tokens_seen", "tokens_unique", "bad_records")


@with_argument_names
def open_catalog(path: str | os.PathLike[str] | None = None) -> "Catalog":
    """The catalog in a DuckDB file. Nothing is opened or made: the first `Catalog.ingest` makes the file.

    Args:
        path: the file; None: the one that ``$TOKAUDIT_CATALOG`` names, or else ``tokaudit.duckdb`` in the working
            directory.

    Raises:
        UsageError: the path is not a path.
    """
    return Catalog(default_catalog() if path is None else Path(text(path, "path")))


class Catalog:
    """Counts text into a DuckDB file, and answers as the commands of the same names do.

    Answers are data frames with the columns of the commands' JSON rows. Their ``attrs`` have what the JSON document has
    next to the rows: ``tokenizer``, ``total``, ``complete``, ``warnings`` and so on. Warnings go to the logger
    ``tokaudit``, too. Every method opens the file for itself, so that other programs can work on it in between.

    Every method raises `CatalogError` if the catalog is missing, in use by another process, damaged, or of another
    version.

    Attributes:
        path: the DuckDB file, absolute.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links

    def __repr__(self) -> str:
        return f"Catalog({str(self.path)!r})"

    def _repr_html_(self) -> str:
        caption = f"Catalog {self.path}"
        try:
            answer = self._supply_or_none()
        except TokauditError as error:
            return paragraph_html(caption) + paragraph_html(in_python(str(error)))
        if answer is None:
            advice = "nothing is counted yet; ingest(…, domain=…) counts text into it"
            return paragraph_html(caption) + paragraph_html(advice)
        total = {**answer.extra["total"], "domain": "total"}
        above = f"{caption}, in tokens of {answer.extra['tokenizer']}"
        rows = [*answer.rows, total]
        return table_html(
            Table(("domain", *_SHOWN), rows, notes=answer.notes, people=ForPeople(before=[above])), len(rows)
        )

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
            progress: hears how far the work has come; None: the logger ``tokaudit`` does, at level INFO.

        Returns:
            The numbers of all that was handed over. If not all could be counted, ``complete`` is False.

        Raises:
            UsageError: an argument makes no sense, there is nothing to count, or the source was counted in another way.
            InputError: nothing is at a path, or a record can't be read and bad records are not skipped. Files that were
                finished before it are counted.
            MissingPackageError: a package that is needed is not installed.
        """
        given = {name: value for name, value in locals().items() if name not in {"self", "data", "progress"}}
        from tokaudit.api.ingest_result import CatalogIngest
        from tokaudit.core.logged_progress import LoggedProgress
        from tokaudit.pipeline.ingest import ingest
        from tokaudit.pipeline.options import ingest_request
        from tokaudit.pipeline.rows_request import rows_request
        from tokaudit.readers.memory.given import given as what_is_given

        with LoggedProgress() as logged:
            listener = progress or logged
            found = what_is_given(data)
            if isinstance(found, tuple):
                request = ingest_request(ingest_options(found, given), listener.note)
            else:
                request = rows_request(self.path, found, ingest_options((), given), listener.note)
            result = CatalogIngest.of(ingest(self.path, request, listener))
        for note in result.remarks():
            logger(__name__).info("%s", note)
        _log_warnings(result.cautions())
        return result

    @with_argument_names
    def supply(
        self, by: OneOrMore = "domain", tokenizer: str | None = None, where: str | None = None
    ) -> "pd.DataFrame":
        """The unique tokens by domain, by source, or by labels.

        Args:
            by: ``domain``, ``source`` or the name of a label, or several of them.
            tokenizer: tokenizer that counted the tokens; None: the catalog's first.
            where: condition on labels that documents must meet before they are deduplicated; None: none.

        Raises:
            UsageError: nothing is counted with the tokenizer, there is no such label, or the condition is faulty.
        """
        from tokaudit.audit import answers

        return _frame(answers.supply(self.path, ",".join(texts(by, "by")), tokenizer, where))

    @with_argument_names
    def overlap(self, by: Literal["domain", "source"] = "domain", tokenizer: str | None = None) -> "pd.DataFrame":
        """How much text of each domain or source (``a``) is also in each other one (``b``).

        Raises:
            UsageError: nothing is counted with the tokenizer.
        """
        from tokaudit.audit import answers

        return _frame(answers.overlap(self.path, one_of(by, "by", ("domain", "source")), tokenizer))

    @with_argument_names
    def duplicates(self, limit: int | None = 100, tokenizer: str | None = None) -> "pd.DataFrame":
        """The documents that do not count, each with the one that counts instead; those with most tokens first.

        Args:
            limit: most rows; None for all. ``attrs["total"]`` is the number of all.
            tokenizer: tokenizer that counted the tokens; None: the catalog's first.

        Raises:
            UsageError: nothing is counted with the tokenizer.
        """
        most = None if limit is None else whole(limit, "limit", 0)
        from tokaudit.audit import answers

        return _frame(answers.duplicates(self.path, most, tokenizer))

    @with_argument_names
    def errors(self) -> "pd.DataFrame":
        """The records and files that could not be counted, each with the reason."""
        from tokaudit.audit import answers

        return _frame(answers.errors(self.path))

    @with_argument_names
    def status(self) -> "pd.DataFrame":
        """The sources of the catalog; ``attrs["complete"]`` says whether all numbers are final."""
        from tokaudit.audit import answers

        return _frame(answers.status(self.path))

    @with_argument_names
    def query(
        self, name_or_sql: str, /, *, timeout: float | None = None, max_rows: int | None = None, **params: Any
    ) -> "pd.DataFrame":
        """The answer to a shipped query or to one SELECT, which reaches only the catalog.

        Args:
            name_or_sql: name of the query, or the SELECT.
            timeout: seconds that it may take; None for no limit.
            max_rows: most rows; None for all. ``attrs["truncated"]`` says whether there are more.
            params: parameters of the query by name: numbers, texts, truth values, dates or None.

        Raises:
            UsageError: there is no such query, it is not one SELECT, it has a fault, or its parameters do not fit.
            InputError: it took longer than `timeout`.
        """
        given = {name: parameter(value) for name, value in params.items()}
        most = None if max_rows is None else whole(max_rows, "max_rows", 0)
        limit = None if timeout is None else seconds(timeout, "timeout")
        from tokaudit.audit.queries import answer_query

        return _frame(answer_query(self.path, text(name_or_sql, "query"), given, limit, most))

    @with_argument_names
    def forget(self, source: str) -> "Row":
        """Remove a source: the numbers are then as if it had never been counted.

        Returns:
            ``source``, and the numbers of ``files`` and ``documents`` that were removed.

        Raises:
            UsageError: there is no such source.
        """
        from tokaudit.core.logged_progress import LoggedProgress
        from tokaudit.pipeline.forget import forget

        with LoggedProgress() as progress:
            return forget(self.path, text(source, "source"), progress.note)

    def _supply_or_none(self) -> "Answer | None":
        """The supply; None if nothing is counted."""
        from tokaudit.audit import answers

        if not self.path.exists() or not answers.status(self.path).rows:
            return None
        return answers.supply(self.path, "domain", None)


def _frame(answer: "Answer") -> "pd.DataFrame":
    """The frame of an answer, whose warnings are logged."""
    _log_warnings(answer.notes)
    return to_frame(answer)


def _log_warnings(notes: Iterable[str]) -> None:
    """Log sentences on what may be wrong with the numbers."""
    for note in notes:
        logger(__name__).warning("%s", note)
