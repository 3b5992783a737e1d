"""Plans of six typical leads, word by word: ``pytest -n 0 FILE --write-docs`` writes them anew."""

from pathlib import Path

import pytest
from made.documents import on_a_terminal
from made.runs import scattered, write_csv

from tokaudit.cli.app import main

FOLDER = Path(__file__).with_name("leads")
WIDTH = 80
MOST_LINES = 20
LEADS = {
    "no_corpus": ["--gpu", "H100 SXM", "--gpus", "2000", "--days", "60"],
    "english_only": ["--flops", "1e24", "--supply", "web=4T,books=30B,papers=80B,code=400B"],
    "small_language": ["--flops", "7.9e19", "--supply", "welsh=400M"],
    "code": ["--flops", "1e25", "--supply", "code=900B", "--max-epochs", "8"],
    "known_run": ["--params", "6.7B", "--tokens", "2T"],
    "own_law": ["--flops", "1e22", "--law", "ours", "--supply", "web=100B,code=20B"],
}


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder as the working directory, so that there is no catalog."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOKAUDIT_CATALOG", raising=False)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("lead", LEADS)
def test_a_lead_reads_this_plan(lead: str, at_home: Path, request: pytest.FixtureRequest) -> None:
    if lead == "own_law":
        write_csv(at_home / "runs.csv", scattered(count=16, noise=0.003))
        main(["fit", "runs.csv", "--save", "ours", "--draws", "200", "-q"])
    said = on_a_terminal(["plan", *LEADS[lead]], WIDTH)
    file = FOLDER / f"{lead}.txt"
    if request.config.getoption("write_docs"):
        file.write_text(f"{said}\n", encoding="utf-8")

    assert f"{said}\n" == file.read_text(encoding="utf-8"), "write it anew: pytest -n 0 FILE --write-docs"
    assert len(said.splitlines()) <= MOST_LINES


def test_every_text_belongs_to_a_lead() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == LEADS.keys()
