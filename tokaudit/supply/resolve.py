"""The supply that ``--supply`` names: the catalog's counts, published corpora, a CSV file, or numbers."""

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.csv_files import open_csv
from tokaudit.core.errors import InputError, UsageError, printable
from tokaudit.core.units import parse_count, parse_list
from tokaudit.supply.types import DomainSupply, Supply

_FORMS: Final = (
    "measured, published, published:CORPUS,…, measured+published[:CORPUS,…], FILE.csv, "
    "or DOMAIN=TOKENS,… such as web=2T,code=400B"
)
_PUBLISHED: Final = re.compile(r"(?P<measured>measured\+)?published(?P<named>:.*)?", re.DOTALL)
_DOMAIN, _UNIQUE = "domain", "tokens_unique"
_BOUNDS: Final = ("tokens_unique_low", "tokens_unique_high")
_BYTES: Final = "bytes_unique"


def find_supply(
    text: str | None,
    catalog: Path,
    tokenizer: str | None,
    law_tokenizer: str,
    where: str | None = None,
    *,
    count_synthetic: bool = False,
) -> Supply:
    """The supply that ``--supply`` names; with None the catalog's if it has any, else the published one.

    Args:
        text: ``measured``, ``published[:CORPUS,…]``, ``measured+published[:CORPUS,…]``, ``FILE.csv`` or
            ``DOMAIN=TOKENS,…``.
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
    if text is None:
        found = _measured(catalog, tokenizer, where) if catalog.is_file() else None
        if found and found.domains:
            _check_published(count_synthetic, "measured")
            return found
        if where is not None:
            raise UsageError(f"--where: nothing is counted in {catalog} yet; count text with `tokaudit ingest`")
        return _published_instead(catalog, tokenizer, law_tokenizer, count_synthetic)
    form = _PUBLISHED.fullmatch(text)
    _check_published(count_synthetic and not form, text)
    if text == "measured":
        return _counted(text, catalog, tokenizer, where)
    if form and form["measured"]:
        measured = _counted(text, catalog, tokenizer, where)
        return _with_published(measured, form["named"], text, law_tokenizer, count_synthetic)
    if where is not None:
        raise UsageError(
            f"--where: needs documents in a catalog, not --supply {text}; use --supply measured, or leave out --where"
        )
    if tokenizer is not None:
        _check_known(tokenizer)
    if form:
        return _published(form["named"], text, tokenizer or law_tokenizer, law_tokenizer, count_synthetic)
    stated = None if text.startswith("measured+") else _stated(text)
    if stated is None:
        raise UsageError(f"--supply: {text!r} is not a supply; write {_FORMS}")
    origin, domains = stated
    return Supply(tuple(sorted(domains, key=lambda entry: entry.domain)), origin, tokenizer)


def _stated(text: str) -> tuple[str, list[DomainSupply]] | None:
    """The origin of the numbers, and the numbers; None if the text states none."""
    if text.lower().endswith(".csv"):
        return f"the file {text}", _read_csv(Path(text))
    if "=" not in text:
        return None
    entries = [DomainSupply(domain, unique) for domain, unique in parse_tokens(text, "--supply").items()]
    return "numbers given with --supply", entries


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


def _check_known(tokenizer: str) -> None:
    """Refuse a tokenizer without published rates: there is no text to count, so its tokens can't be converted."""
    rates = token_rates()
    known = sorted({*rates.names, *(rate.tokenizer for rate in rates.rows)})
    if tokenizer not in known:
        names = ", ".join(known)
        raise UsageError(f"--tokenizer {tokenizer}: no rates are known to convert its tokens (known: {names})")


def _measured(catalog: Path, tokenizer: str | None, where: str | None) -> Supply:
    from tokaudit.supply.measured import measured_supply  # noqa: PLC0415 - loads DuckDB

    return measured_supply(catalog, tokenizer, where)


def parse_tokens(text: str, option: str) -> dict[str, float]:
    """Domain -> tokens from ``web=2T,code=400B``.

    Raises:
        UsageError: another form, a repeated domain, one with a control character, or an invalid number; the message
            names the option.
    """
    pairs = parse_list(text, option, "DOMAIN=TOKENS")
    for domain in pairs:
        if printable(domain) != domain:
            raise UsageError(f"{option}: domain {domain!r} has a control character; remove it")
    return {domain: parse_count(value, f"{option} of {domain}") for domain, value in pairs.items()}


def _read_csv(path: Path) -> list[DomainSupply]:
    found: dict[str, DomainSupply] = {}
    with open_csv(path) as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        for column in (_DOMAIN, _UNIQUE):
            if column not in columns:
                raise InputError(f"{path}:1: has no column {column!r} (its columns: {', '.join(columns) or 'none'})")
        for row in reader:
            if None in row:
                raise InputError(f"{path}:{reader.line_num}: has more values than columns ({len(columns)})")
            entry = _entry(row, f"{path}:{reader.line_num}")
            if entry.domain in found:
                raise InputError(f"{path}:{reader.line_num}: column domain: {entry.domain!r} occurs twice")
            found[entry.domain] = entry
    if not found:
        raise InputError(f"{path}: has no rows; add one per domain")
    return list(found.values())


def _entry(row: dict[str, str | None], where: str) -> DomainSupply:
    domain = (row[_DOMAIN] or "").strip()
    if not domain:
        raise InputError(f"{where}: column {_DOMAIN}: is empty")
    if printable(domain) != domain:
        raise InputError(f"{where}: column {_DOMAIN}: {domain!r} has a control character; remove it")
    unique = _tokens(row, _UNIQUE, where)
    if unique is None:
        raise InputError(f"{where}: column {_UNIQUE}: is empty")
    low, high = (_tokens(row, column, where) for column in _BOUNDS)
    if (low is not None and low > unique) or (high is not None and high < unique):
        raise InputError(f"{where}: {_UNIQUE} is not between {_BOUNDS[0]} and {_BOUNDS[1]}")
    return DomainSupply(domain, unique, low, high, _tokens(row, _BYTES, where))


def _tokens(row: dict[str, str | None], column: str, where: str) -> float | None:
    """The number in a cell; None if it is empty or missing. Zero is allowed: a domain may have no text."""
    text = (row.get(column) or "").strip()
    if not text:
        return None
    try:
        return 0.0 if re.fullmatch(r"0+(\.0*)?", text) else parse_count(text, f"{where}: column {column}")
    except UsageError as error:
        raise InputError(str(error)) from error
