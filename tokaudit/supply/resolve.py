"""The supply that ``--supply`` names: the catalog's counts, published corpora, a CSV file, or numbers."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.errors import UsageError
from tokaudit.supply.stated import GivenSupply, stated_supply
from tokaudit.supply.types import Supply

_FORMS: Final = (
    "measured, published, published:CORPUS,…, measured+published[:CORPUS,…], FILE.csv, "
    "or DOMAIN=TOKENS,… such as web=2T,code=400B"
)
_PUBLISHED: Final = re.compile(r"(?P<measured>measured\+)?published(?P<named>:.*)?", re.DOTALL)


def find_supply(
    given: GivenSupply | None,
    catalog: Path,
    tokenizer: str | None,
    law_tokenizer: str,
    where: str | None = None,
    *,
    count_synthetic: bool = False,
) -> Supply:
    """The supply that ``--supply`` names; with None the catalog's if it has any, else the published one.

    Args:
        given: ``measured``, ``published[:CORPUS,…]``, ``measured+published[:CORPUS,…]``, or what `stated_supply` takes.
        catalog: the catalog, for ``measured``.
        tokenizer: the tokenizer to count in. None is the catalog's first for a measured supply, else the law's own.
        law_tokenizer: the law's. Published corpora are added up in it if ``tokenizer`` is None, and measured and
            published ones are joined in it.
        where: the condition that measured documents must meet; None: none.
        count_synthetic: whether published synthetic text counts, in its own domain.

    Raises:
        UsageError: another form, an invalid number, a repeated domain, an unknown corpus, no catalog to measure, or a
            tokenizer without known rates for a supply that is not measured; or a condition on a supply that is not
            measured, with a fault, or that no document meets.
        InputError: the file can't be read, lacks a column or has an invalid value.
    """
    if given is None:
        return _supply_if_none_is_given(catalog, tokenizer, law_tokenizer, where, count_synthetic)
    text = given if isinstance(given, str) else ""
    form = _PUBLISHED.fullmatch(text)
    _check_published(count_synthetic and not form, text or "given in numbers")
    if text == "measured":
        return _counted(text, catalog, tokenizer, where)
    if form and form["measured"]:
        measured = _counted(text, catalog, tokenizer, where)
        return _with_published(measured, form["named"], text, law_tokenizer, count_synthetic)
    if where is not None:
        raise UsageError(
            f"--where: needs documents in a catalog, not --supply {text or 'in numbers'};"
            " use --supply measured, or leave out --where"
        )
    if tokenizer is not None:
        _check_known(tokenizer)
    if form:
        return _published(form["named"], text, tokenizer or law_tokenizer, law_tokenizer, count_synthetic)
    stated = None if text.startswith("measured+") else stated_supply(given)
    if stated is None:
        raise UsageError(f"--supply: {text!r} is not a supply; write {_FORMS}")
    origin, domains = stated
    name = counted_in(given) if tokenizer is None else tokenizer
    return Supply(tuple(sorted(domains, key=lambda entry: entry.domain)), origin, name)


def _supply_if_none_is_given(
    catalog: Path, tokenizer: str | None, law_tokenizer: str, where: str | None, counts_synthetic: bool
) -> Supply:
    found = _measured(catalog, tokenizer, where) if catalog.is_file() else None
    if found and found.domains:
        _check_published(counts_synthetic, "measured")
        return found
    if where is not None:
        raise UsageError(f"--where: nothing is counted in {catalog} yet; count text with `tokaudit ingest`")
    return _published_instead(catalog, tokenizer, law_tokenizer, counts_synthetic)


def _check_published(counts_synthetic: bool, text: str) -> None:
    """Refuse to count synthetic text of a supply in which nothing is published."""
    if counts_synthetic:
        raise UsageError(
            f"--count-synthetic: counts text of published corpora, but the supply is {text}; use --supply published"
        )


def _published_instead(catalog: Path, tokenizer: str | None, law_tokenizer: str, synthetic: bool) -> Supply:
    chosen = find_supply("published", catalog, tokenizer, law_tokenizer, count_synthetic=synthetic)
    why = f"no --supply is given and {catalog} has no counts, so the supply is the published open corpora"
    return replace(chosen, warnings=(why, *chosen.warnings))


def _counted(text: str, catalog: Path, tokenizer: str | None, where: str | None) -> Supply:
    measured = _measured(catalog, tokenizer, where)
    if not measured.domains:
        raise UsageError(f"--supply {text}: nothing is counted in {catalog} yet; count text with `tokaudit ingest`")
    return measured


def _with_published(measured: Supply, named: str | None, text: str, law_tokenizer: str, synthetic: bool) -> Supply:
    from tokaudit.supply.published.resolve import with_published  # noqa: PLC0415 - most catalogs suffice

    return with_published(measured, named, text, law_tokenizer, count_synthetic=synthetic)


def _published(named: str | None, text: str, tokenizer: str, law_tokenizer: str, synthetic: bool) -> Supply:
    from tokaudit.supply.published.resolve import published_supply  # noqa: PLC0415 - likewise

    return published_supply(named, text, tokenizer, law_tokenizer, count_synthetic=synthetic)


def _known_tokenizers() -> list[str]:
    """Tokenizers whose tokens can be converted by published rates."""
    rates = token_rates()
    return sorted({*rates.names, *(rate.tokenizer for rate in rates.rows)})


def counted_in(given: object) -> str | None:
    """The tokenizer that a data frame says it was counted with, as answers of a catalog do; None: not known."""
    attributes = getattr(given, "attrs", None)
    name = attributes.get("tokenizer") if isinstance(attributes, dict) else None
    return name if name in _known_tokenizers() else None


def _check_known(tokenizer: str) -> None:
    """Refuse a tokenizer without published rates: there is no text to count, so its tokens can't be converted."""
    if tokenizer not in (known := _known_tokenizers()):
        names = ", ".join(known)
        raise UsageError(f"--tokenizer {tokenizer}: no rates are known to convert its tokens (known: {names})")


def _measured(catalog: Path, tokenizer: str | None, where: str | None) -> Supply:
    from tokaudit.supply.measured import measured_supply  # noqa: PLC0415 - loads DuckDB

    return measured_supply(catalog, tokenizer, where)
