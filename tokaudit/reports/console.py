"""A terminal, or a file in its place."""

from typing import TextIO

from rich.console import Console


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the program, as for other writers: rich would end the process with code 1."""
        raise  # noqa: PLE0704 - rich calls this where it has caught the error


def terminal_console(stream: TextIO) -> Console:
    """A rich console that folds lines on a terminal and never elsewhere, where programs read them."""
    return _Console(
        file=stream,
        width=None if stream.isatty() else 100_000,
        highlight=False,
        soft_wrap=not stream.isatty(),
    )
