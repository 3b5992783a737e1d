"""The workflow of GitHub does what ``.ci/run`` does, on every Python that the package supports."""

import re
from typing import Any

import pytest
import yaml
from made.documents import ROOT

TEXT = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
JOBS: dict[str, Any] = yaml.safe_load(TEXT)["jobs"]


def steps(job: str, key: str) -> list[Any]:
    """Return what the steps of a job have for a key."""
    return [step[key] for step in JOBS[job]["steps"] if key in step]


def test_linux_runs_the_script_of_ci_on_each_python() -> None:
    assert JOBS["linux"]["runs-on"] == "ubuntu-latest"
    assert JOBS["linux"]["strategy"]["matrix"] == {"python": ["3.11", "3.12", "3.13"]}
    assert steps("linux", "run") == [".ci/run"]
    assert "continue-on-error" not in JOBS["linux"]


def test_coverage_is_measured_once_and_too_little_fails() -> None:
    install, test = steps("coverage", "run")

    assert install == 'python -m pip install -q -e ".[dev]"'
    assert test == "TESTS_BROWSER=required python -m pytest -q --cov"
    assert "continue-on-error" not in JOBS["coverage"]
    assert re.search(r"^fail_under = 9\d", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_oldest_python_is_the_one_that_the_package_asks_for() -> None:
    oldest = JOBS["linux"]["strategy"]["matrix"]["python"][0]

    assert f'requires-python = ">={oldest}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_systems_that_nobody_tested_may_fail() -> None:
    assert JOBS["other"]["strategy"]["matrix"] == {"system": ["macos-latest", "windows-latest"]}
    assert JOBS["other"]["continue-on-error"] is True
    assert "# Untested:" in TEXT


@pytest.mark.parametrize("job", JOBS)
def test_actions_are_pinned_by_major_version_and_pip_is_cached(job: str) -> None:
    uses = steps(job, "uses")

    assert uses
    assert [action for action in uses if not re.fullmatch(r"actions/[a-z-]+@v\d+", action)] == []
    assert [options["cache"] for options in steps(job, "with")] == ["pip"]


def test_ci_fails_without_a_browser_rather_than_skip() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "export TESTS_BROWSER=required" in script
    assert script.index("TESTS_BROWSER") < script.index("bash -euo pipefail -c")


def test_a_newer_push_stops_the_older_run_and_no_secret_is_used() -> None:
    assert yaml.safe_load(TEXT)["concurrency"] == {"group": "ci-${{ github.ref }}", "cancel-in-progress": True}
    assert "secrets." not in TEXT
