"""The options that say which text is counted and how, for all commands that take them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from tokaudit.cli.command import with_options
from tokaudit.cli.completion import complete_domains, complete_sources, complete_tokenizers
from tokaudit.cli.number_types import WholeNumber
from tokaudit.cli.settings import setting
from tokaudit.core.option_bounds import LONGEST_REPEAT_LENGTH, MOST_ROWS, MOST_WORKERS
from tokaudit.core.repeat_length import REPEAT_LENGTH
from tokaudit.core.rows_in_catalog import ROWS_IN_CATALOG
from tokaudit.core.units import parse_size
from tokaudit.ingesters.domains import INGESTERS
from tokaudit.pipeline.engines import ENGINES, LOCAL
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import TEXT_FIELDS
from tokaudit.readers.unpack.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from tokaudit.pipeline.options import IngestOptions

_WITH_INGESTER: Final = f"{', '.join(INGESTERS.names())} have their own ingester"
NAME_A_DOMAIN: Final = f"name the domain of the text: {_WITH_INGESTER}, and any other name is allowed"

_WORKERS: Final = (
    click.option(
        "--workers",
        type=WholeNumber(1, MOST_WORKERS),
        metavar="N",
        help="Number of threads.",
        show_default="one per core",
        **setting("workers"),
    ),
)
_POWER: Final = (
    *_WORKERS,
    click.option(
        "--memory",
        default="1GiB",
        show_default=True,
        metavar="SIZE",
        help="Memory for the text being counted; the program itself takes about 400 MiB more. On Ray, what each task"
        " reserves.",
        **setting("memory"),
    ),
)
_WORK: Final = (
    click.option(
        "--work",
        metavar="FOLDER|URL",
        help="Folder that all nodes of a cluster share, where results wait to be counted.",
        show_default="next to the catalog",
        **setting("work"),
    ),
)
_ENGINE_NAME: Final = (
    click.option(
        "--engine",
        type=click.Choice(ENGINES),
        default=LOCAL.name,
        show_default=True,
        help="Engine that reads and measures: threads of this process, or tasks of Ray on many machines.",
        **setting("engine"),
    ),
)
_ENGINE: Final = (
    *_ENGINE_NAME,
    click.option(
        "--ray-address",
        metavar="ADDRESS",
        help="Running cluster of Ray.",
        show_default="that of $RAY_ADDRESS, or one on this machine",
        **setting("ray_address"),
    ),
    *_WORK,
)
_OPTIONS: Final = (
    click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(readable=False)),
    click.option(
        "--domain",
        required=True,
        metavar="NAME",
        help=f"Domain of the text. {_WITH_INGESTER}; any other name is allowed.",
        shell_complete=complete_domains,
    ),
    click.option(
        "--source",
        metavar="NAME",
        help="Source under which the text is counted.",
        show_default="the last part of the first PATH",
        shell_complete=complete_sources,
    ),
    click.option(
        "--reader",
        default="auto",
        show_default=True,
        metavar="NAME",
        help=f"Reader for the files: {', '.join(('auto', *READERS.names()))}.",
    ),
    click.option(
        "--text-field",
        "text_fields",
        multiple=True,
        metavar="NAME[,NAME]|GLOB=NAME",
        help="Field of a record that has the text, or several to try in order; for some files only, with a GLOB of"
        " their paths. `a.b` is inside an object, `text[]` a list, `messages[].content` a chat; may be repeated.",
        show_default=", ".join(TEXT_FIELDS),
    ),
    click.option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Count only files whose path below the folder, or name, matches; may be repeated.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out files whose path below the folder, or name, matches; may be repeated.",
        **setting("exclude"),
    ),
    click.option(
        "--tokenizer",
        "tokenizers",
        multiple=True,
        metavar="NAME",
        help="Tokenizer to count with: a bundled name (see `tokaudit tokenizers`), a tokenizer.json or .tiktoken file,"
        " or a Hugging Face repository id; may be repeated.",
        show_default="cl100k_base",
        shell_complete=complete_tokenizers,
        **setting("tokenizers"),
    ),
    click.option(
        "--clean",
        type=click.Choice(["default", "none"]),
        default="default",
        show_default=True,
        help="Cleaning steps: those of the domain, or none, to count the text as it stands in the file.",
    ),
    *_POWER,
    click.option(
        "--limit",
        "limits",
        multiple=True,
        metavar="NAME=VALUE",
        help="Limit on what a file may unpack to, against decompression bombs: `record`, `page`, `total` and `label`"
        " are sizes of a record, of a page or book, of a file, and of a label, `ratio` is unpacked bytes per stored"
        " byte, `members` a number per archive; may be repeated.",
        show_default=", ".join(f"{name}={value}" for name, value in DEFAULT_LIMITS.items()),
    ),
)
_LABELS: Final = (
    click.option(
        "--label",
        "labels",
        multiple=True,
        metavar="NAME=FIELD",
        help="Field of each document to keep with its counts as a label; may be repeated.",
    ),
    click.option(
        "--language",
        is_flag=True,
        help="Detect the language of each document, and keep it as the label `language`: a code such as `de`, or `und`"
        " if it is not sure.",
    ),
)
_REPEATS: Final = (
    click.option(
        "--repeat-length",
        type=WholeNumber(1, LONGEST_REPEAT_LENGTH),
        default=REPEAT_LENGTH,
        show_default=True,
        metavar="N",
        help="Characters of the shortest line (code) or paragraph that counts as repeated inside its document.",
    ),
)
_BAD_RECORD: Final = (
    click.option(
        "--on-bad-record",
        type=click.Choice(["stop", "skip"]),
        default="stop",
        show_default=True,
        help="On a record that can't be read: refuse its file, or record it and continue.",
        **setting("on_bad_record"),
    ),
)
_MOVED: Final = (
    click.option(
        "--rows-in-catalog",
        type=WholeNumber(0, MOST_ROWS),
        default=ROWS_IN_CATALOG,
        show_default=f"{ROWS_IN_CATALOG:,}",
        metavar="N",
        help="Rows of documents, and of token counts and labels, that stay in the catalog's file. If there are more,"
        " they are moved to Parquet files next to it.",
        **setting("rows_in_catalog"),
    ),
)


workers_option = with_options(_WORKERS)
"""The function with ``workers`` as a parameter."""
power_options = with_options(_POWER)
"""The function with ``workers`` and ``memory`` as parameters."""
work_options = with_options(_WORK)
"""The function with ``work`` as a parameter."""
engine_option = with_options(_ENGINE_NAME)
"""The function with ``engine`` as a parameter."""
engine_options = with_options(_ENGINE)
"""The function with ``engine``, ``ray_address`` and ``work`` as parameters."""
corpus_options = with_options(_OPTIONS)
"""The function with these options as parameters."""
counting_options = with_options((*_LABELS, *_REPEATS, *_BAD_RECORD))
"""The function with ``labels``, ``language``, ``repeat_length`` and ``on_bad_record`` as parameters."""
rows_options = with_options(_MOVED)
"""The function with ``rows_in_catalog`` as a parameter."""


def ingest_options(corpus: Mapping[str, Any], **more: Any) -> "IngestOptions":
    """The `IngestOptions` that these options ask for.

    Args:
        corpus: the values of `corpus_options`, by parameter, and of other options with the name of a field.
        more: further fields, from options of the command itself.
    """
    from tokaudit.pipeline.options import IngestOptions

    return IngestOptions(**{**corpus, "memory": parse_size(corpus["memory"], "--memory")}, **more)
