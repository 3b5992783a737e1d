"""The queries that ship with tokaudit, by name."""

from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.resources import shipped


def shipped_queries() -> dict[str, str]:
    """Name and question of each shipped query, in order of name."""
    files = sorted(shipped("queries").glob("*.sql"))
    return {file.stem: file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("--").strip() for file in files}


def shipped_query(name: str) -> str:
    """The SQL of ``queries/NAME.sql``.

    Raises:
        UsageError: no query has that name; the message lists the known ones.
    """
    known = shipped_queries()
    if name not in known:
        raise UsageError(f"query: unknown name {name!r} (known: {', '.join(known)}); give one of these, or one SELECT")
    return (shipped("queries") / f"{name}.sql").read_text(encoding="utf-8")


SUPPLY_COLUMNS: Final = (
    "documents_seen",
    "documents_unique_exact",
    "documents_unique",
    "bytes_seen",
    "tokens_seen",
    "tokens_unique_exact",
    "tokens_unique",
    "tokens_repeated_inside",
    "bad_records",
)
