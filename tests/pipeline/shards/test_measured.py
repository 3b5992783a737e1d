"""Files measured by shard are counted as if they had been measured in one piece."""

import json
from pathlib import Path
from typing import Any

import pytest
from made.cut_off import CATALOG, cut_off
from made.piped import pipe
from made.samples import Run, ingested, text, write_jsonl
from made.scenarios import answers
from made.sharded import SIZES, TOKENIZER, options_for, sharded_corpus
from made.vocabularies import sentencepiece

from tokaudit.pipeline.engines import tasks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus that is cut into many shards."""
    return sharded_corpus(tmp_path_factory.mktemp("sharded") / "corpus")


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SIZES.items():
        monkeypatch.setattr(f"tokaudit.pipeline.shards.cut.{name}", value)


@pytest.fixture
def performed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that are run, as text."""
    names: list[str] = []

    def perform(stage: Any, task: Any, folder: Any, name: str) -> None:
        names.append(str(task))
        done(stage, task, folder, name)

    done = tasks.perform
    monkeypatch.setattr("tokaudit.pipeline.engines.threads.perform", perform)
    return names


@pytest.mark.parametrize("workers", [1, 2])
def test_every_view_is_as_if_files_had_been_read_in_one_piece(
    run: Run, corpus: Path, performed: list[str], workers: int
) -> None:
    ingested(run, corpus, *options_for(corpus), "--catalog", "whole.duckdb", code=1)
    ingested(
        run, corpus, *options_for(corpus), "--catalog", "shards.duckdb", "--work", "w", "--workers", workers, code=1
    )

    assert answers(Path("shards.duckdb")) == answers(Path("whole.duckdb"))
    assert len(performed) > 12
    assert not Path("w").exists()


def test_a_second_tokenizer_and_a_second_label_are_added_by_shard(run: Run, corpus: Path, tmp_path: Path) -> None:
    sentencepiece("bpe").save(str(tmp_path / "other.json"))
    second = ("--tokenizer", corpus.with_name(TOKENIZER))
    for catalog, more in (("whole.duckdb", ()), ("shards.duckdb", ("--work", "w"))):
        first = (corpus / "large.jsonl", "--catalog", catalog, "--domain", "web", "--on-bad-record", "skip", *more)
        ingested(run, *first, "--tokenizer", tmp_path / "other.json", code=1)
        ingested(run, *first, *second, code=1)
        ingested(run, *first, *second, "--label", "licence=licence", code=1)

    assert answers(Path("shards.duckdb")) == answers(Path("whole.duckdb"))


def test_results_that_are_there_are_taken_and_removed(run: Run, corpus: Path, performed: list[str]) -> None:
    options = (corpus, *options_for(corpus), "--work", "w")
    ranks = [run("stage", "measure", "--rank", f"{rank}/2", *options, "--format", "json").json for rank in (0, 1)]
    made = len(performed)
    ingested(run, *options, code=1)
    taken = answers(Path("tokaudit.duckdb"))
    ingested(run, corpus, *options_for(corpus), "--catalog", "whole.duckdb", code=1)

    assert len(performed) == made == sum(rank["performed"] for rank in ranks)
    assert taken == answers(Path("whole.duckdb"))
    assert not Path("w").exists()


def test_a_rank_that_runs_again_measures_nothing_twice(run: Run, corpus: Path) -> None:
    options = ("stage", "measure", "--rank", "1/3", corpus, *options_for(corpus), "--work", "w", "--format", "json")
    first, second = run(*options).json, run(*options).json

    assert first["performed"] > 0
    assert (second["performed"], second["there"]) == (0, first["performed"])


def test_an_ingest_that_is_refused_keeps_its_results(
    run: Run, tmp_path: Path, corpus: Path, performed: list[str]
) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", [text(seed) for seed in range(40)])
    (tmp_path / "c" / "b.jsonl").write_text("no JSON\n")
    options = (tmp_path / "c", "--domain", "web", "--work", "w", "--tokenizer", corpus.with_name(TOKENIZER))
    refused = run("ingest", *options, code=3)
    made = len(performed)
    ingested(run, *options, "--on-bad-record", "skip", code=1)

    assert f"{tmp_path / 'c' / 'b.jsonl'}:1: " in refused.err
    assert made > 2
    assert len(performed) == made


def test_a_retry_measures_as_the_ingest_did(run: Run, corpus: Path, tmp_path: Path, performed: list[str]) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", [text(1)])
    bad = write_jsonl(tmp_path / "c" / "b.jsonl", [text(2)])
    bad.write_text(bad.read_text() + "no JSON\n")
    ingested(run, tmp_path / "c", *options_for(corpus), "--work", "w", code=1)
    bad.write_text(bad.read_text().replace("no JSON", '{"text": "JSON"}'))
    performed.clear()
    run("retry")
    run("retry")
    recorded = run("query", "select settings from ingests order by ingest", "--json").json["rows"]

    assert performed == [str(bad)]
    assert [json.loads(row["settings"])["work"] for row in recorded] == [str(Path("w").absolute())] * 2
    assert not Path("w").exists()


def test_an_ingest_that_was_cut_off_is_resumed_by_shard(run: Run, corpus: Path, performed: list[str]) -> None:
    ingested(run, corpus, *options_for(corpus), "--work", "w", code=1)
    whole = answers(CATALOG)
    cut_off("corpus", "large.jsonl")
    performed.clear()
    run("resume", code=1)

    assert set(performed) == {str(corpus / "large.jsonl")}
    assert answers(CATALOG) == whole


def test_what_comes_from_stdin_is_measured_in_this_process(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, corpus: Path, performed: list[str]
) -> None:
    pipe(monkeypatch, write_jsonl(tmp_path / "a.jsonl", [text(1), text(2)]).read_bytes())
    options = ("--source", "dump", "--reader", "jsonl", "--work", "w")
    answer = ingested(run, "-", *options_for(corpus), *options)

    assert answer["documents"] == 2
    assert performed == []
