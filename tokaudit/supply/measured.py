"""The unique tokens in a catalog, as the supply of a plan."""

from pathlib import Path
from typing import Final

from tokaudit.catalog.completeness import choose_tokenizer, completeness
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.statements import fetch_one, fetch_rows, statement
from tokaudit.supply.types import DomainSupply, Supply


def measured_supply(catalog: Path, tokenizer: str | None) -> Supply:
    """Unique tokens of each domain in the catalog, with their bytes and other tokenizers' counts of the same text.

    ``tokens_unique`` is the domain's own row; ``tokens_unique_low`` leaves out text that another domain also contains.
    If nothing is counted yet, the supply has no domains.

    Args:
        catalog: the catalog.
        tokenizer: the tokenizer to count in; None: the catalog's first.

    Raises:
        UsageError: not every source is counted with the tokenizer.
    """
    with open_readonly(catalog) as connection:
        if fetch_one(connection, "select count(*) from store.tokenizers") == (0,):
            return Supply((), f"measured in {catalog}")
        name = choose_tokenizer(connection, tokenizer)
        _, notes = completeness(connection)
        domains = fetch_rows(connection, _DOMAINS)
        shared = {
            row["domain"]: row["tokens_elsewhere"]
            for row in fetch_rows(connection, shipped_query("shared_supply"), {"tokenizer": name})
        }
        (apart,) = fetch_rows(connection, statement("counted_only_apart"), {"by": "domain", "tokenizer": name})
        counts: dict[str, dict[str, tuple[int, int]]] = {}
        for row in fetch_rows(connection, shipped_query("unique_text")):
            counts.setdefault(row["domain"], {})[row["tokenizer"]] = row["bytes_unique"], row["tokens_unique"]
    found = []
    for row in domains:
        by_tokenizer = counts.get(row["domain"], {})
        size, unique = by_tokenizer.get(name, (0, 0))
        elsewhere = shared.get(row["domain"])
        # Leave out tokenizers that have not counted all of this text.
        whole = {other: tokens for other, (bytes_, tokens) in by_tokenizer.items() if bytes_ == size}
        found.append(DomainSupply(row["domain"], unique, unique - elsewhere if elsewhere else None, None, size, whole))
    warnings = list(notes)
    twice = apart["tokens_unique"]
    if twice > 0:
        warnings.append(f"domains overlap: {twice:,} tokens are counted in more than one domain")
    return Supply(tuple(found), f"measured in {catalog}", name, tuple(warnings))


_DOMAINS: Final = "select distinct domain from store.whole join store.sources using (source) order by domain"
