"""Fixtures that all tests share: the program called in this process, a small catalog, a made-up registry."""

import functools
import gc
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from made.reference import read_instead, write_reference
from made.samples import SMALL_DOMAINS, Counted, Done, Run, count_into, small_corpus

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.move_rows import move_rows
from tokaudit.cli.app import main
from tokaudit.core.kernels import library
from tokaudit.core.logs import LIBRARY
from tokaudit.core.progress import ignore
from tokaudit.measure.tokenizers.ids import token_ids
from tokaudit.measure.tokenizers.protocol import Counter, Vocabulary
from tokaudit.measure.tokenizers.resolve import load_counter
from tokaudit.planning.audit_file.schema import SETTINGS

TESTS: Final = Path(__file__).parent

# A busy machine is not a fault of the code: no deadlines, and no complaints about slow examples.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("brief", settings.get_profile("patient"), max_examples=25)
settings.load_profile("patient")


LONGEST: Final = (
    *("docs/test_commands.py", "cli/test_app_advice.py", "pipeline/test_merge.py", "pipeline/test_ingest_remote.py"),
    *("cli/test_app_widths.py", "pipeline/engines/test_ray.py", "test_architecture.py", "faults/test_kills.py"),
    *("reports/page/test_page_browser.py", "catalog/test_queries.py", "pipeline/test_ingest_read_again.py"),
    *("core/kernels/test_build.py", "dedup/test_repair_signatures.py", "faults/test_failing_disk.py"),
    *("supply/test_filtered.py", "pipeline/test_ingest.py", "readers/paths/test_remote.py", "audit/test_export.py"),
    *("planning/test_planner_independent.py", "catalog/test_move_rows.py", "dedup/test_regroup.py"),
    *("cli/commands/test_ingest_pages.py", "laws/fit/methods/test_parametric.py", "papers/test_fits.py"),
)
"""Files that take more than 20 seconds. They run first: if one came last, the other process would wait for it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the test suite."""
    parser.addoption("--kernels", metavar="PATH", type=Path, default=library.LIBRARY, help="compiled kernels to test")
    parser.addoption("--write-docs", action="store_true", help="write the generated blocks of README and guide anew")


def pytest_configure(config: pytest.Config) -> None:
    """Load the kernels that the option names."""
    gc.disable()  # which would look through all that is collected, again and again, for nothing
    vars(library)["LIBRARY"] = config.getoption("kernels").resolve()
    if gone := [file for file in LONGEST if not (TESTS / file).is_file()]:
        raise pytest.UsageError(f"{__file__}: LONGEST names files that are not there: {', '.join(gone)}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; the order is else as it was, which is random."""
    place = {TESTS / file: at for at, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_collection_finish() -> None:
    """Free what tests leave, from now on."""
    gc.enable()


def pytest_report_header() -> str:
    """Report which kernels are tested."""
    return f"kernels: {library.LIBRARY}"


@pytest.fixture(autouse=True, scope="session")
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep built vocabularies out of the user's own cache; all workers of pytest-xdist share one folder."""
    folder = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "TOKAUDIT_CACHE", str((folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "cache")
        )
        yield


@pytest.fixture(autouse=True)
def _no_session_is_left_open() -> Iterator[None]:
    """Fail a test that leaves a session of the program open: it would write the log records of later tests."""
    yield
    root = logging.getLogger()
    left = [handler for handler in root.handlers if type(handler).__module__.startswith(f"{LIBRARY}.")]
    for handler in left:
        root.removeHandler(handler)
    assert not left, "a session still hears log records: end it with `session.end`"


@pytest.fixture
def fresh_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The path of an empty cache, so that catalogs and vocabularies are built anew."""
    monkeypatch.setenv("TOKAUDIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def made_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry of `made.reference` as files."""
    return write_reference(tmp_path_factory.mktemp("made"))


@pytest.fixture
def made_reference(made_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the shipped registry with the made-up one."""
    read_instead(made_files, monkeypatch)


@pytest.fixture(scope="session")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    """The `small_corpus` counted in words, shared by all tests that only read.

    It is held open: DuckDB takes longer to open a file than to answer, and a further connection takes nothing.
    """
    place = tmp_path_factory.mktemp("counted")
    made = Counted(place / "small.duckdb", small_corpus(place / "given"))
    for source, domain in SMALL_DOMAINS.items():
        labels = {"licence": "licence"} if source == "web" else {}
        count_into(made.catalog, made.folder / source, domain, labels=labels)
    with open_readonly(made.catalog):
        yield made


@pytest.fixture
def copy(counted: Counted, tmp_path: Path) -> Path:
    """A copy of the small catalog that a test may change."""
    shutil.copytree(f"{counted.catalog}.parts", tmp_path / "copy.duckdb.parts")
    return Path(shutil.copy(counted.catalog, tmp_path / "copy.duckdb"))


@pytest.fixture
def moved(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Such a copy with all rows of documents in Parquet files next to it, five documents per part."""
    monkeypatch.setattr("tokaudit.catalog.move_rows.PART_DOCUMENTS", 5)
    monkeypatch.setattr("tokaudit.catalog.take_back.PART_DOCUMENTS", 5)
    with exclusive_writer(copy) as file:
        move_rows(file, 0, ignore)
    return copy


@functools.cache
def _load_once(vocabulary: Vocabulary) -> Counter:
    """A vocabulary takes half a second to load."""
    return load_counter(vocabulary)


_token_ids_once: Final = functools.cache(token_ids)
"""They take as long."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A function that calls the program in its own empty folder and expects exit code 0 unless given another."""
    folder = tmp_path / "cwd"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("config", *SETTINGS):
        monkeypatch.delenv(f"TOKAUDIT_{name.upper()}", raising=False)
    monkeypatch.setattr("tokaudit.pipeline.options.load_counter", lambda vocabulary, _: _load_once(vocabulary))
    for place in ("pipeline.options", "pipeline.find_tokenizer", "pipeline.retry", "audit.counted_texts"):
        monkeypatch.setattr(f"tokaudit.{place}.token_ids", _token_ids_once)

    def call(*arguments: object, code: int = 0) -> Done:
        capsys.readouterr()
        left = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            left = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert left == code, f"exit code {left}: {err}"
        return Done(left, out, err)

    return call
