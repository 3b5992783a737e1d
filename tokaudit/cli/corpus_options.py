"""The options that say which corpus is meant and how it is counted, for all commands that take one."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from tokaudit.core.units import parse_size
from tokaudit.ingesters.domains import INGESTERS
from tokaudit.readers.formats import READERS

if TYPE_CHECKING:
    from tokaudit.pipeline.options import IngestOptions

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: Final = (
    click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
    click.option(
        "--domain", required=True, help=f"Domain of the text: {', '.join(INGESTERS.names())}, or a name of your own."
    ),
    click.option("--source", help="Name of the corpus [default: the last part of the first PATH]."),
    click.option(
        "--reader",
        default="auto",
        show_default=True,
        metavar="|".join(("auto", *READERS.names())),
        help="How files are read.",
    ),
    click.option("--text-field", default="text", show_default=True, metavar="FIELD", help="Where records hold text."),
    click.option(
        "--tokenizer",
        "tokenizers",
        multiple=True,
        metavar="NAME",
        help="A bundled name, a tokenizer.json or .tiktoken file, or a hub id; may be given more than once"
        " [default: cl100k_base].",
    ),
    click.option(
        "--clean",
        type=click.Choice(["default", "none"]),
        default="default",
        show_default=True,
        help="The cleaning steps of the domain; none counts text as it stands in the file.",
    ),
    click.option("--workers", type=click.IntRange(1), metavar="N", help="Threads [default: one a core]."),
    click.option(
        "--memory",
        default="1GiB",
        show_default=True,
        metavar="SIZE",
        help="For text under way; the program itself takes some 400 MiB beside it.",
    ),
)


def corpus_options(command: F) -> F:
    """The function with these options, in this order, as parameters."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def ingest_options(corpus: Mapping[str, Any], **more: Any) -> "IngestOptions":
    """What the options of `corpus_options` ask for, by their parameters, and more of the command's own."""
    from tokaudit.pipeline.options import IngestOptions

    return IngestOptions(**{**corpus, "memory": parse_size(corpus["memory"], "--memory")}, **more)
