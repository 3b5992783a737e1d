"""The folder in which the commands of the documents run."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from made.documents import make_folder
from made.duckdb_cli import duckdb_program
from made.samples import Run

from tokaudit.cli.app import main

COUNTED = [
    ["ingest", "crawl", "--domain", "web", "--label", "quality=quality"],
    ["ingest", "novels", "--domain", "books"],
    ["ingest", "repositories", "--domain", "code", "--source", "our-code"],
    ["ingest", "segment", "--domain", "web", "--language", "--catalog", "crawls.duckdb"],
    ["ingest", "segment", "--domain", "web", "--catalog", "both.duckdb"],
    ["ingest", "segment-wet", "--domain", "web", "--catalog", "both.duckdb"],
    ["ingest", "shelf", "--domain", "books", "--catalog", "books.duckdb"],
    ["ingest", "crawl", "--domain", "web", "--label", "quality=quality", "--catalog", "before.duckdb"],
    ["ingest", "repositories", "--domain", "code", "--source", "our-code", "--catalog", "before.duckdb"],
    ["ingest", "crawl", "--domain", "web", "--catalog", "monday.duckdb"],
    ["ingest", "novels", "--domain", "books", "--catalog", "tuesday.duckdb"],
    *(
        ["plan", "--flops", "1e24", "--supply", supply, "--save", name, "--catalog", "plans.duckdb"]
        for name, supply in (("march", "web=1T,code=20B"), ("june", "web=1.5T,code=100B"))
    ),
]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the documents name, and their catalog."""
    folder = tmp_path_factory.mktemp("documents") / "data"
    make_folder(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for arguments in COUNTED:
            main([*arguments, "-q"])
    shutil.copytree(folder, folder.parent / "saved")
    return folder


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which a shell finds `tokaudit` and the command line of DuckDB."""
    program = duckdb_program(tmp_path_factory.mktemp("duckdb"))
    path = [str(program.parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    return {**os.environ, "PATH": os.pathsep.join(path)}


@pytest.fixture
def at_work(run: Run, workshop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # noqa: ARG001 - `run` goes to a folder first
    """Return that folder, as it was at first, as the working directory of `run`."""
    monkeypatch.chdir(workshop)
    yield workshop
    for path in workshop.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(workshop.parent / "saved", workshop, dirs_exist_ok=True)


@pytest.fixture
def exported(at_work: Path, run: Run) -> Path:
    """Return the same folder, with the documents that count in `kept.parquet`."""
    run("export", "--kept", "kept.parquet", "-q")
    return at_work
