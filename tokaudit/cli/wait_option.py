"""The option that says how long a command that writes waits for other programs, and the context that does so."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from tokaudit.cli.command import with_options
from tokaudit.cli.session import Session
from tokaudit.cli.settings import setting
from tokaudit.core.followed_progress import COUNTING, FollowedProgress
from tokaudit.core.units import parse_duration

_WAIT: Final = click.option(
    "--wait",
    default="1h",
    show_default=True,
    metavar="TIME",
    help="How long to wait for other programs that have the catalog open, such as 30s or 2h.",
    **setting("wait"),
)
wait_option = with_options((_WAIT,))
"""The function with ``wait`` as a parameter."""


@contextmanager
def show_patient_progress(session: Session, wait: str, doing: str = COUNTING) -> Iterator[FollowedProgress]:
    """A context as of `show_progress`, in which the catalog is waited for as long as the user asked."""
    from tokaudit.cli.progress import show_progress

    seconds = parse_duration(wait, "--wait")
    with show_progress(session, doing) as progress:
        from tokaudit.catalog.patience import patient

        with patient(seconds, progress.remark):
            yield progress
