"""An audit made anew: what it gives, and what is left of it if it is cut off."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from made.samples import Run, small_corpus, tables

from tokaudit.cli.progress import ProgressReport
from tokaudit.planning.audit_file import rebuild as module
from tokaudit.planning.audit_file.options import Settings
from tokaudit.planning.audit_file.read import read_audit_file
from tokaudit.planning.audit_file.rebuild import Refused, rebuild
from tokaudit.planning.plan import Plan

FILE = """
on_bad_record = "skip"
exclude = ["*.unheard"]
[sources.web]
paths = "given/web"
domain = "web"
label = { licence = "licence" }
[sources.books]
paths = ["given/books"]
domain = "books"
[sources.code]
paths = "given/code"
domain = "code"
[plans.small]
flops = 1e12
[plans.large]
flops = 1e24
supply = { web = "2T", code = "1T" }
"""


def without_times(document: Any) -> Any:
    """A document without durations."""
    if isinstance(document, dict):
        return {name: without_times(value) for name, value in document.items() if name != "seconds"}
    return [without_times(each) for each in document] if isinstance(document, list) else document


def without_history(document: Any) -> Any:
    """The answer of a run without what depends on the runs before it."""
    sources = [{**source, "files_unchanged": None} for source in document["sources"]]
    return without_times({**document, "sources": sources})


def whole_run(run: Run) -> Any:
    """The answer of a run that is not cut off. Its catalog goes to ``whole.duckdb``."""
    answer = run("run", "--json", code=1).json
    for name in ("tokaudit.duckdb", "tokaudit.duckdb.parts"):
        Path(name).rename(name.replace("tokaudit", "whole"))
    return answer


@pytest.fixture
def go(run: Run) -> Run:
    """The program in the folder of an audit of the small corpus."""
    small_corpus(Path("given"))
    Path("tokaudit.toml").write_text(FILE)
    return run


@pytest.mark.slow
def test_twice_gives_the_same_and_reads_nothing_again(go: Run) -> None:
    first, second, third = (go("run", "--json", code=1).json for _ in range(3))
    unchanged = [source.pop("files_unchanged") for each in (first, second) for source in each["sources"]]
    for source in third["sources"]:
        assert source.pop("files_unchanged") == source["files"]

    assert unchanged == [0, 0, 0, *(source["files"] for source in first["sources"])]
    assert without_times(first) == without_times(second) == without_times(third)


@pytest.mark.slow
def test_it_gives_what_the_commands_give(go: Run) -> None:
    made = go("run", "--json", code=1).json
    Path("tokaudit.toml").unlink()
    single = ["--catalog", "single.duckdb", "ingest", "--on-bad-record", "skip", "--exclude", "*.unheard", "--json"]
    go(*single, "given/web", "--domain", "web", "--label", "licence=licence", code=1)
    for name in ("books", "code"):
        go(*single, f"given/{name}", "--domain", name)
    supply = go("supply", "--catalog", "single.duckdb", "--json").json
    large = go("plan", "--flops", "1e24", "--supply", "web=2T,code=1T", "--json").json

    assert tables(go) == tables(go, Path("single.duckdb"))
    assert made["supply"] == {name: value for name, value in supply.items() if name != "warnings"}
    assert {name: made["plans"]["large"][name] for name in large} == large
    assert [(source["source"], source["complete"]) for source in made["sources"]] == [
        ("web", False),  # it has a bad record
        ("books", True),
        ("code", True),
    ]
    assert (made["complete"], made["saved"]) == (False, True)
    assert [row["name"] for row in go("plans", "--json").json["rows"]] == ["large", "small"]


@pytest.mark.slow
def test_ctrl_c_between_two_sources_leaves_what_the_next_run_completes(
    go: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(catalog: Path, request: Any, listener: Any) -> Any:
        if request.settings.source == "books":
            raise KeyboardInterrupt
        return ingest(catalog, request, listener)

    ingest = module.ingest  # type: ignore[attr-defined]
    whole = whole_run(go)
    with monkeypatch.context() as patch:
        patch.setattr(module, "ingest", interrupted)
        go("run", code=130)
    resumed = go("run", "--json", code=1).json

    assert without_history(resumed) == without_history(whole)
    assert tables(go) == tables(go, Path("whole.duckdb"))


KILLED = """
import os, signal
from tokaudit.catalog import writer
from tokaudit.cli.app import main

def write(*given):
    fragment = written(*given)
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return fragment

calls = []
written, writer.write_fragment = writer.write_fragment, write
main(["-q", "run"])
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that can't be caught")
def test_after_a_kill_the_next_run_completes_the_catalog(go: Run) -> None:
    whole = whole_run(go)
    assert subprocess.run([sys.executable, "-c", KILLED], check=False).returncode == -signal.SIGKILL
    resumed = go("run", "--json", code=1).json

    assert without_history(resumed) == without_history(whole)
    assert tables(go) == tables(go, Path("whole.duckdb"))


def test_without_sources_plans_are_made_of_the_catalog_there_is(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('[plans.a]\nflops = 1e12\n[plans.b]\nflops = 1e12\nmixture = "nothing=1"\n')
    done = rebuild(copy, read_audit_file(tmp_path / "x.toml"), Settings(), ProgressReport(quiet=True))

    assert (done.rows(), done.exit_code, done.complete) == ([], 2, False)
    assert isinstance(done.plans["a"], Plan)
    assert isinstance(done.plans["b"], Refused)
    assert done.plans["b"].message.startswith(f"{tmp_path}/x.toml:5: plan 'b': ")
    assert done.document()["plans"]["b"] == {"error": done.plans["b"].message}
    assert [sentence.partition(" is in")[0] for sentence in done.warnings] == [
        f"source {name!r}" for name in ("blog", "books", "code", "web")
    ]
