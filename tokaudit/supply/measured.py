"""The unique tokens in a catalog, as the supply of a plan."""

from pathlib import Path
from typing import Final

from tokaudit.catalog.completeness import choose_tokenizer, completeness
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.repeated_inside import much_repeated, repeated_by_domain
from tokaudit.catalog.statements import fetch_one, fetch_rows, statement
from tokaudit.supply.measured_domain import counted_twice, domain_supply
from tokaudit.supply.types import Supply


def measured_supply(catalog: Path, tokenizer: str | None, where: str | None = None) -> Supply:
    """Unique tokens of each domain in the catalog, with their bytes and other tokenizers' counts of the same text.

    ``tokens_unique`` is the domain's own row; ``tokens_unique_low`` leaves out text that another domain also contains.
    If nothing is counted yet, the supply has no domains.

    Args:
        catalog: the catalog.
        tokenizer: the tokenizer to count in; None: the catalog's first.
        where: the condition that documents must meet before they are deduplicated; None: none.

    Raises:
        UsageError: not every source is counted with the tokenizer, the condition has a fault, or no document meets it.
    """
    with open_readonly(catalog) as connection:
        if fetch_one(connection, "select count(*) from store.tokenizers") == (0,):
            return Supply((), f"measured in {catalog}")
        name = choose_tokenizer(connection, tokenizer)
        if where is not None:
            from tokaudit.supply.measured_filtered import filtered_supply  # noqa: PLC0415 - loads the kernels

            return filtered_supply(connection, catalog, name, where)
        complete, notes = completeness(connection)
        domains = [row["domain"] for row in fetch_rows(connection, _DOMAINS)]
        shared = {
            row["domain"]: row["tokens_elsewhere"]
            for row in fetch_rows(connection, shipped_query("shared_supply").sql, {"tokenizer": name})
        }
        (apart,) = fetch_rows(connection, statement("counted_only_apart"), {"by": "domain", "tokenizer": name})
        repeated = repeated_by_domain(connection, name)
        counts: dict[str, dict[str, tuple[int, int]]] = {}
        for row in fetch_rows(connection, shipped_query("unique_text").sql):
            counts.setdefault(row["domain"], {})[row["tokenizer"]] = row["bytes_unique"], row["tokens_unique"]
    found = [
        domain_supply(domain, name, counts.get(domain, {}), shared.get(domain), repeated.get(domain, {}))
        for domain in domains
    ]
    warnings = (*notes, *counted_twice(apart["tokens_unique"]), *much_repeated(repeated.values()))
    return Supply(tuple(found), f"measured in {catalog}", name, warnings, complete=complete)


_DOMAINS: Final = "select distinct domain from store.whole join store.sources using (source) order by domain"
