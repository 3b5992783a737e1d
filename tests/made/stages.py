"""A stage that is quickly run."""

from pathlib import Path

from tokaudit.core.engine import Stage


class Doubled(Stage[int, int]):
    """Doubles a number.

    Args:
        name: name of the stage.
    """

    def __init__(self, name: str = "double") -> None:
        self.name = name

    def key(self, task: int) -> str:
        """The number itself."""
        return str(task)

    def run(self, task: int) -> int:
        """The double."""
        return 2 * task

    def write(self, result: int, file: Path) -> None:
        """Write it as text."""
        file.write_text(str(result))

    def read(self, file: Path) -> int:
        """Read it."""
        return int(file.read_text())
