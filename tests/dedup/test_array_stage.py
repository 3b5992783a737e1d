"""A result of arrays comes back from its file, and is closed once it is written."""

from pathlib import Path

import numpy as np

from tokaudit.dedup.array_stage import Arrays, ArrayStage
from tokaudit.dedup.spilled import Spilled


class Counts(ArrayStage[Path]):
    """Gives three arrays, most of which do not fit into memory."""

    name = "counts"

    def key(self, task: Path) -> str:
        """The name of the catalog."""
        return task.name

    def run(self, task: Path) -> Arrays:
        """Arrays of growing length."""
        found = Spilled(task, 1)
        for count in range(3):
            found.append(np.arange(count))
        return found


def test_arrays_come_back_from_a_file(tmp_path: Path) -> None:
    result = Counts().run(tmp_path / "x.duckdb")
    Counts().write(result, tmp_path / "file")

    assert [array.tolist() for array in Counts().read(tmp_path / "file")] == [[], [0], [0, 1]]
    assert list(result) == []
