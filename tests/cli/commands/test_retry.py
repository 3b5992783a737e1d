"""``tokaudit retry``."""

from pathlib import Path

import pytest
from made.samples import Run, ingested
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

pytestmark = pytest.mark.slow


def bad_source(run: Run, *options: object) -> Path:
    """A file with a good and a bad record, counted as source ``c``."""
    path = Path("c/a.jsonl")
    path.parent.mkdir()
    path.write_text('{"text": "good"}\n{"text": 1}\n')
    ingested(run, "c", "--domain", "web", "--on-bad-record", "skip", *options, code=1)
    return path


def test_what_is_left_is_said_and_has_exit_code_1(run: Run) -> None:
    path = bad_source(run)
    still = run("retry", "--json", code=1).json
    path.write_text('{"text": "good"}\n{"text": "better"}\n')
    done = run("retry", "c", "--memory", "100MB", "--workers", 1, "--json").json
    idle = run("retry")

    (row,) = still["rows"]
    assert (row["documents"], row["bad_records"], row["files"], still["complete"]) == (1, 1, 1, False)
    assert still["warnings"] == ["1 bad record could not be counted (see `tokaudit errors`)"]
    (row,) = done["rows"]
    assert (row["documents"], row["tokens"], done["complete"], done["warnings"]) == (2, {"cl100k_base": 2}, True, [])
    assert "nothing to do: no file has a bad record" in idle.err


def test_a_file_that_is_gone_is_named(run: Run) -> None:
    path = bad_source(run).absolute()
    path.unlink()
    done = run("retry", "--json", code=1)

    assert done.json["gone"] == [str(path)]
    assert f"1 file with bad records can't be found any more, such as {path}" in done.err


def test_a_tokenizer_in_a_file_is_found_from_another_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    model = WordLevel({"good": 0, "better": 1, "?": 2}, unk_token="?")  # noqa: S106 - a token of text
    Path("mine").mkdir()
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save("mine/tokenizer.json")
    path = bad_source(run, "--tokenizer", "mine/tokenizer.json", "--tokenizer", "cl100k_base").absolute()
    path.write_text('{"text": "good"}\n{"text": "better"}\n')
    catalog = Path("tokaudit.duckdb").absolute()
    monkeypatch.chdir("mine")
    done = run("--catalog", catalog, "retry", "--json").json
    path.write_text('{"text": 1}\n')
    asked = ["--domain", "web", "--on-bad-record", "skip", "--tokenizer", "tokenizer.json"]
    run("--catalog", catalog, "ingest", path.parent, *asked, code=1)
    Path("tokenizer.json").unlink()
    refused = run("--catalog", catalog, "retry", code=2).err

    assert done["rows"][0]["tokens"] == {"cl100k_base": 2, "mine": 2}
    assert "tokenizer 'mine' of source 'c' can't be found again; restore its file, or run" in refused
