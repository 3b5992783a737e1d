"""What a catalog holds, as the supply of a plan."""

from pathlib import Path

from tokaudit.catalog.completeness import choose_tokenizer, completeness
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.statements import fetch_one, fetch_rows
from tokaudit.supply.types import DomainSupply, Supply


def measured_supply(catalog: Path, tokenizer: str | None) -> Supply:
    """Unique tokens of each domain in the catalog, with the bytes they stand for and other tokenizers' counts of them.

    ``tokens_unique`` is the domain's own row; ``tokens_unique_low`` leaves out what another domain holds too.
    Without domains if nothing is counted yet.

    Args:
        catalog: the catalog.
        tokenizer: whose tokens; None: the catalog's first.

    Raises:
        UsageError: nothing, or not every source, is counted with it.
    """
    with open_readonly(catalog) as connection:
        if fetch_one(connection, "select count(*) from store.tokenizers") == (0,):
            return Supply((), f"measured in {catalog}")
        name = choose_tokenizer(connection, tokenizer)
        _, notes = completeness(connection)
        found = fetch_rows(connection, shipped_query("supply"), {"by": "domain", "tokenizer": name})
        total = fetch_rows(connection, shipped_query("supply"), {"by": "catalog", "tokenizer": name})
        shared = {
            row["domain"]: row["tokens_elsewhere"]
            for row in fetch_rows(connection, shipped_query("shared_supply"), {"tokenizer": name})
        }
        counts: dict[str, dict[str, tuple[int, int]]] = {}
        for row in fetch_rows(connection, shipped_query("unique_text"), {}):
            counts.setdefault(row["domain"], {})[row["tokenizer"]] = row["bytes_unique"], row["tokens_unique"]
    domains = []
    for row in found:
        domain, unique = row["domain"], row["tokens_unique"]
        elsewhere = shared.get(domain)
        by_tokenizer = counts.get(domain, {})
        size = by_tokenizer[name][0] if name in by_tokenizer else 0
        # A tokenizer that has not counted all of this text says nothing of it.
        whole = {other: tokens for other, (bytes_, tokens) in by_tokenizer.items() if bytes_ == size}
        domains.append(DomainSupply(domain, unique, unique - elsewhere if elsewhere else None, None, size, whole))
    twice = sum(row["tokens_unique"] for row in found) - (total[0]["tokens_unique"] if total else 0)
    warnings = list(notes)
    if twice > 0:
        warnings.append(f"domains overlap: {twice:,} tokens are counted in more than one of them")
    return Supply(tuple(domains), f"measured in {catalog}", name, tuple(warnings))
