"""What a shell completes: the values of options and arguments, for ``shell_complete=``.

A shell waits for an answer while the user types: modules are loaded when they are needed, and a catalog that another
process has open is not waited for. On any error, no value is offered and nothing is printed.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def _offer(names: Callable[[Path], Iterable[str]], *, files: bool = False, components: bool = False) -> Complete:
    """A callback that offers the names that begin as the word does.

    Args:
        names: from the path of the catalog; may raise.
        files: whether the shell offers files if no name fits.
        components: whether some names are of the form ``CORPUS/COMPONENT``: they are offered from the slash on.
    """

    def complete(context: click.Context, _: click.Parameter, begun: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        try:
            known = sorted(set(names(context.ensure_object(Session).catalog)))
        except Exception:  # noqa: BLE001 - a traceback would stand in the middle of the prompt
            known = []
        fits = [name for name in known if name.casefold().startswith(begun.casefold())]
        found = [CompletionItem(name) for name in fits if not components or "/" in begun or "/" not in name]
        return found or ([CompletionItem(begun, type="file")] if files else [])

    return complete


def _from_catalog(catalog: Path, sql: str) -> list[str]:
    """The first column; empty if there is no catalog, or it can't be read at once."""
    from tokaudit.catalog.connection import open_readonly
    from tokaudit.core.errors import CatalogError

    try:
        with open_readonly(catalog, wait=0) as connection:
            return [str(name) for (name,) in connection.execute(sql).fetchall()]
    except CatalogError:
        return []


def _typeable(name: str) -> str:
    """A published name without what a shell would take apart; letters and digits alone are compared."""
    return re.sub(r"[^\w./,-]+", "-", name).rstrip("-")


def _laws(catalog: Path) -> list[str]:
    from tokaudit.laws.published import LAWS

    return [*LAWS.names(), *_from_catalog(catalog, "select law from laws")]


def _plans(catalog: Path) -> list[str]:
    return _from_catalog(catalog, "select name from plans")


def _corpora(_: Path) -> set[str]:
    from tokaudit.catalog.reference.corpora import published_corpora

    rows = published_corpora()
    return {_typeable(name) for row in rows for name in (row.corpus, row.name)}


def _mixtures(_: Path) -> list[str]:
    from tokaudit.catalog.reference.mixtures import mixtures
    from tokaudit.planning.defaults import UNIMAX

    return [UNIMAX, *(mixture.name for mixture in mixtures())]


def _supplies(catalog: Path) -> list[str]:
    published = [f"published:{name}" for name in _corpora(catalog)]
    return ["measured", "published", "measured+published", *published, *(f"measured+{each}" for each in published)]


def _accelerators(_: Path) -> list[str]:
    from tokaudit.catalog.reference.accelerators import accelerators

    return [_typeable(device.name) for device in accelerators()]


def _bundled_tokenizers(_: Path) -> Iterable[str]:
    from tokaudit.measure.tokenizers.sources.bundled import BUNDLED

    return BUNDLED


def _counted_tokenizers(catalog: Path) -> list[str]:
    return _from_catalog(catalog, "select tokenizer from tokenizers")


def _tokenizers_of_supply(catalog: Path) -> list[str]:
    return [*_bundled_tokenizers(catalog), *_counted_tokenizers(catalog)]


def _domains(catalog: Path) -> list[str]:
    from tokaudit.ingesters.domains import INGESTERS

    return [*INGESTERS.names(), *_from_catalog(catalog, "select distinct domain from sources")]


def _published_domains(_: Path) -> set[str]:
    from tokaudit.catalog.reference.corpora import published_corpora

    return {row.domain for row in published_corpora()}


def _stock_domains(_: Path) -> set[str]:
    from tokaudit.catalog.reference.stocks import stocks

    return {row.domain for row in stocks()}


def _sources(catalog: Path) -> list[str]:
    return _from_catalog(catalog, "select source from sources")


def _groupings(catalog: Path) -> list[str]:
    return ["domain", "source", *_from_catalog(catalog, "select distinct name from labels")]


def _queries(_: Path) -> Iterable[str]:
    from tokaudit.catalog.queries import shipped_queries

    return shipped_queries()


def _topics(_: Path) -> Iterable[str]:
    from tokaudit.core.resources import guide_chapters

    return guide_chapters()


def _codes(_: Path) -> list[str]:
    from tokaudit.core.bad_codes import EXPLANATIONS
    from tokaudit.core.left_out_rules import RULES

    return [*EXPLANATIONS, *RULES]


def _methods(_: Path) -> list[str]:
    from tokaudit.laws.fit.methods import METHODS

    return METHODS.names()


def _models(_: Path) -> list[str]:
    from tokaudit.planning.forecast.assumptions import models

    return models()


complete_laws: Final = _offer(_laws)
complete_plans: Final = _offer(_plans)
complete_plans_and_catalogs: Final = _offer(_plans, files=True)
complete_topics: Final = _offer(_topics)
complete_corpora: Final = _offer(_corpora, components=True)
complete_mixtures: Final = _offer(_mixtures)
complete_supplies: Final = _offer(_supplies, files=True, components=True)
complete_accelerators: Final = _offer(_accelerators)
complete_tokenizers: Final = _offer(_bundled_tokenizers, files=True)
complete_counted_tokenizers: Final = _offer(_counted_tokenizers, files=True)
complete_supply_tokenizers: Final = _offer(_tokenizers_of_supply, files=True)
complete_domains: Final = _offer(_domains)
complete_published_domains: Final = _offer(_published_domains)
complete_stock_domains: Final = _offer(_stock_domains)
complete_sources: Final = _offer(_sources)
complete_groupings: Final = _offer(_groupings)
complete_queries: Final = _offer(_queries)
complete_codes: Final = _offer(_codes)
complete_methods: Final = _offer(_methods)
complete_models: Final = _offer(_models)
