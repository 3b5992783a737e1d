"""The live line on a terminal that shows how far long work has come."""

from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class _Counts(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(task.fields["counts"])


class LiveLine:
    """One line on stderr, drawn again and again until it is stopped; then it is gone."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            _Counts(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("starting", total=None, counts="")

    def start(self) -> None:
        """Show it."""
        self._progress.start()

    def stop(self) -> None:
        """Take it away."""
        self._progress.stop()

    def update(self, **changes: Any) -> None:
        """Change what it shows: ``description``, ``counts``, ``total`` and ``completed`` bytes."""
        self._progress.update(self._task, **changes)
