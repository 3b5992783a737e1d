"""Runs and times whole processes, including their start-up."""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

Figures = dict[str, Any]

TOKENIZER: Final = "cl100k_base"
FLOOR: Final = Path(__file__).with_name("floor.py")
CORPORA: Final = FLOOR.with_name("corpora.py")
PACKAGES: Final = (
    "tokaudit gigatoken tokenizers awkward numpy pyarrow duckdb orjson xxhash zstandard splintr-rs".split()
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program: its output, seconds, CPU seconds (user and system), peak memory and exit code."""

    printed: str
    seconds: float
    cpu_seconds: float
    peak_mib: float
    code: int

    @property
    def json(self) -> Any:
        """The JSON document that the program printed."""
        return json.loads(self.printed)


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    may_fail: bool = False,
) -> Run:
    """Run a program to its end, in a folder if one is given. If it fails, the benchmark ends, unless `may_fail`.

    Peak memory is that of the largest process among the program and the children that it waited for. The system also
    counts the process that started it, so the benchmark itself must stay small.
    """
    words = [str(word) for word in command]
    started = time.perf_counter()
    variables = {**os.environ, **(environment or {})}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=variables, cwd=folder)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not may_fail:
        sys.exit(f"{' '.join(words)} failed with {process.returncode}")
    return Run(printed, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def tokaudit(catalog: Path, *arguments: str | Path, **options: Any) -> Run:
    """Run `tokaudit` on a catalog, with JSON output."""
    given: list[str | Path] = ["-q", "--catalog", catalog, "--format", "json"]
    return run([sys.executable, "-m", "tokaudit", *given, *arguments], **options)


def drop(catalog: Path) -> None:
    """Remove a catalog and the files next to it that belong to it."""
    for path in catalog.parent.glob(f"{catalog.name}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def stored(catalog: Path) -> int:
    """Bytes of a catalog and of the files next to it that belong to it."""
    extra = [path for found in catalog.parent.glob(f"{catalog.name}*") for path in (found, *found.rglob("*"))]
    return sum(path.stat().st_size for path in extra if path.is_file())


def ingest(catalog: Path, path: str | Path, domain: str, *options: str | Path) -> Run:
    """Ingest into a new catalog."""
    drop(catalog)
    return tokaudit(catalog, "ingest", path, "--domain", domain, *options)


def spread(values: Sequence[float]) -> Figures:
    """Median, lowest and highest value."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def figures(runs: Sequence[Run], text_mb: float, documents: int, tokens: int) -> Figures:
    """Figures of one program's runs on one text; rates are from the median of their seconds."""
    seconds = statistics.median(run.seconds for run in runs)
    return {
        "seconds": [run.seconds for run in runs],
        "cpu_seconds": [run.cpu_seconds for run in runs],
        "peak_mib": max(run.peak_mib for run in runs),
        "mb_per_s": text_mb / seconds,
        "documents_per_s": documents / seconds,
        "tokens_per_s": tokens / seconds,
    }


def machine() -> Figures:
    """The machine, the versions of packages, and the date."""
    return {
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "processor": _cpuinfo("model name") or platform.processor(),
        "vector_bits": _vector_bits(),
        "memory_gib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _cpuinfo(field: str) -> str:
    """A field of the first core in /proc/cpuinfo; empty if there is none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.split(":")[0].strip() == field), "")


def _vector_bits() -> int | None:
    """Width of the processor's vectors in bits. Ratios depend on it: the floor is optimized for wide vectors."""
    flags = _cpuinfo("flags").split() or _cpuinfo("Features").split()
    widths = {"avx512f": 512, "avx2": 256, "sse2": 128, "asimd": 128}
    return next((bits for flag, bits in widths.items() if flag in flags), None)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
