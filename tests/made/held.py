"""Another program that keeps a catalog open."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCRIPT = """
import duckdb, sys, time
while True:
    try:
        connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'True')
        break
    except duckdb.IOException:
        time.sleep(0.01)
print('held', flush=True)
time.sleep(float(sys.argv[3]))
"""


@contextmanager
def held(catalog: Path, *, read_only: bool, seconds: float) -> Iterator[int]:
    """Lets another process keep the file open, for so many seconds at most; its number is yielded."""
    with subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, str(catalog), str(read_only), str(seconds)], stdout=subprocess.PIPE
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            yield holder.pid
        finally:
            holder.kill()
