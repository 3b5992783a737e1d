"""What a catalog of the Python door can be asked; nothing is written."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tokaudit.api.argument_names import in_python, with_argument_names
from tokaudit.api.arguments import OneOrMore, one_of, parameter, size, text, texts
from tokaudit.api.catalog_place import catalog_place
from tokaudit.api.frames import to_frame
from tokaudit.core.errors import TokauditError, UsageError
from tokaudit.core.given_numbers import given_seconds, whole_number
from tokaudit.core.logs import LIBRARY, logger
from tokaudit.core.option_bounds import MOST_ROWS
from tokaudit.reports.html import paragraph_html, table_html
from tokaudit.reports.protocol import ForPeople, Table

if TYPE_CHECKING:
    import pandas as pd

    from tokaudit.api.plan import Plan
    from tokaudit.audit.answer import Answer

_SHOWN = ("documents_seen", "documents_unique", "tokens_seen", "tokens_unique", "bad_records")


class CatalogAnswers:
    """The methods of a `Catalog` that only read it.

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
        most = None if limit is None else whole_number(limit, "limit", 0, MOST_ROWS)
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
        self,
        name_or_sql: str,
        /,
        *,
        timeout: float | None = None,
        max_rows: int | None = None,
        memory: str | int = "2GiB",
        **params: Any,
    ) -> "pd.DataFrame":
        """The answer to a shipped query or to one SELECT, which reaches only the catalog.

        It runs in a process of its own, which is ended if it takes more than it may.

        Args:
            name_or_sql: name of the query, or the SELECT.
            timeout: seconds that it may take; None for no limit.
            max_rows: most rows; None for all. ``attrs["truncated"]`` says whether there are more.
            memory: memory for the query and for its answer, such as ``2GiB``, or a number of bytes.
            params: parameters of the query by name: numbers, texts, truth values, dates or None.

        Raises:
            UsageError: there is no such query, it is not one SELECT, it has a fault, or its parameters do not fit.
            InputError: it took more than `timeout` or `memory`.
        """
        given = {name: parameter(value) for name, value in params.items()}
        most = None if max_rows is None else whole_number(max_rows, "max_rows", 0, MOST_ROWS)
        limit = None if timeout is None else given_seconds(timeout, "timeout")
        from tokaudit.audit.queries import QueryLimits, answer_query

        limits = QueryLimits(limit, most, size(memory, "memory"))
        return _frame(answer_query(self.path, text(name_or_sql, "query"), given, limits))

    @with_argument_names
    def diff(
        self,
        other: "str | os.PathLike[str] | CatalogAnswers",
        by: Literal["domain", "source"] = "domain",
        tokenizer: str | None = None,
    ) -> "pd.DataFrame":
        """What changed from this catalog to another one, in documents and tokens, by cause.

        The rows of a domain or source add up to its change. ``attrs`` has the numbers of both catalogs (``total``, and
        ``supply`` by row), and the ``settings`` that differ.

        Args:
            other: the other catalog: a `Catalog` or its file.
            by: whether to compare domains or sources.
            tokenizer: tokenizer to count in; None: the first that both catalogs have.

        Raises:
            UsageError: the catalogs have no tokenizer in common, or not all is counted with it.
        """
        if other is None:
            raise UsageError("other: None is neither a path nor a catalog")
        from tokaudit.audit.diff import diff_catalogs

        place, rows = catalog_place(other, "other"), one_of(by, "by", ("domain", "source"))
        return _frame(diff_catalogs(self.path, place, rows, tokenizer))

    @with_argument_names
    def plans(self) -> "pd.DataFrame":
        """The saved plans, by name.

        ``supply_changed`` says whether the measured supply of a plan has changed since, and ``command`` makes it anew.
        """
        from tokaudit.planning.plan_list import list_plans

        return _frame(list_plans(self.path))

    @with_argument_names
    def plan(self, name: str) -> "Plan":
        """A saved plan, as it was when it was saved; `tokaudit.plan` makes a new one.

        A warning is logged if the measured supply of the plan has changed since.

        Raises:
            UsageError: no saved plan has that name; the message lists the saved ones.
        """
        from tokaudit.api.plan import for_programs
        from tokaudit.planning.saved_plans import saved_plan
        from tokaudit.planning.supply_changes import SuppliesNow

        found = saved_plan(self.path, text(name, "name"))
        log_warnings(filter(None, [SuppliesNow(self.path).advice(found)]))
        return for_programs(found.plan)

    @with_argument_names
    def diff_plans(self, a: str, b: str) -> "pd.DataFrame":
        """What changed from one saved plan to another, one row per domain.

        ``attrs`` has what differs in the question (``settings``) and in the answer (``answers``). Its ``by_input`` is
        the verdict of the first plan with single inputs of the second.

        Args:
            a: name of the first plan.
            b: name of the second plan.

        Raises:
            UsageError: no saved plan has one of the names; the message lists the saved ones.
        """
        from tokaudit.planning.diff_plans import diff_plans
        from tokaudit.planning.saved_plans import saved_plan

        first, second = (saved_plan(self.path, text(name, "name")) for name in (a, b))
        return _frame(diff_plans(first, second))

    def _supply_or_none(self) -> "Answer | None":
        """The supply; None if nothing is counted."""
        from tokaudit.audit import answers

        if not self.path.exists() or not answers.status(self.path).rows:
            return None
        return answers.supply(self.path, "domain", None)


def _frame(answer: "Answer") -> "pd.DataFrame":
    """The frame of an answer, whose warnings are logged."""
    log_warnings(answer.notes)
    return to_frame(answer)


def log_warnings(notes: Iterable[str]) -> None:
    """Log sentences on what may be wrong with the numbers."""
    for note in notes:
        logger(LIBRARY).warning("%s", note)
