"""``tokaudit tokenizers``."""

import json
from pathlib import Path
from typing import Any

import pytest
from made.invoked import invoked

from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.ranks import dump_ranks
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.measure.tokenizers.sources.bundled import BUNDLED


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOKAUDIT_CACHE", str(tmp_path / "cache"))


def run(*arguments: str) -> str:
    result = invoked("tokenizers", *arguments)
    if result.exception:
        raise result.exception
    return result.stdout


def rows(*arguments: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(run("--format", "json", *arguments))["rows"]
    return listed


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    file = tmp_path / "gpt2.tiktoken"
    file.write_bytes(dump_ranks({bytes([byte]): byte for byte in range(256)}))
    return file


def test_listing_the_bundled_tokenizers_builds_nothing(tmp_path: Path) -> None:
    listed = rows()

    assert [row["tokenizer"] for row in listed] == list(BUNDLED)
    assert listed[0]["tokenizer"] == DEFAULT
    for row in listed:
        assert row["licence"] in {"MIT", "Apache-2.0"}
        assert row["tokens"] > 100_000
        assert len(row["vocabulary_sha256"]) == 64
        assert row["source"]
        assert row["counter"] is None
    assert not (tmp_path / "cache").exists()


def test_a_tokenizer_file_is_shown_with_its_counter(tiny: Path) -> None:
    (row,) = rows("--tokenizer", str(tiny))

    assert (row["tokenizer"], row["tokens"], row["licence"]) == ("gpt2", 256, None)
    assert row["counter"] == load_counter(resolve(str(tiny))).identity.counter
    assert row["fallback_reason"] is None


def test_a_table_shows_the_first_digits_of_a_hash(tiny: Path) -> None:
    digest = resolve(str(tiny)).sha256
    table = run("--format", "markdown", "--tokenizer", str(tiny))

    assert digest[:12] in table
    assert digest not in table


def test_an_unknown_tokenizer_exits_with_2() -> None:
    with pytest.raises(UsageError, match="unknown tokenizer 'no-such'"):
        run("--tokenizer", "no-such")
