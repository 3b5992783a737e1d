"""Vocabularies found by path."""

import json
from pathlib import Path
from typing import Any

import pytest

from tokaudit.core.errors import InputError, UsageError
from tokaudit.measure.tokenizers.ranks import dump_ranks
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.measure.tokenizers.sources.bundled import BUNDLED
from tokaudit.measure.tokenizers.sources.bundled import _ranks as bundled_ranks
from tokaudit.measure.tokenizers.sources.file import SOURCE

Parsed = dict[str, Any]
SHARED = Path(__file__).parents[4] / ".." / "shared" / "tokenizers"
BYTES = {bytes([byte]): byte for byte in range(256)}


@pytest.fixture
def saved(tmp_path: Path, byte_level: Parsed) -> Path:
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "tokenizer.json").write_text(json.dumps(byte_level), encoding="utf-8")
    return folder


def test_a_folder_and_its_tokenizer_json_have_the_folders_name(saved: Path) -> None:
    by_folder, by_file = resolve(str(saved)), resolve(str(saved / "tokenizer.json"))

    assert by_folder == by_file
    assert by_folder.name == "my-model"


def test_a_reformatted_json_has_its_own_name_and_the_same_hash(saved: Path) -> None:
    copy = saved / "gpt-small.json"
    copy.write_text(json.dumps(json.loads((saved / "tokenizer.json").read_text()), indent=1), encoding="utf-8")

    assert resolve(str(copy)).name == "gpt-small"
    assert resolve(str(copy)).sha256 == resolve(str(saved)).sha256


def test_a_relative_path_is_found(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(saved)

    assert resolve("tokenizer.json").name == "my-model"


def test_published_ranks_are_recognized_by_content(tmp_path: Path) -> None:
    (tmp_path / "renamed.tiktoken").write_bytes(dump_ranks(bundled_ranks("cl100k_base")))

    assert resolve(str(tmp_path / "renamed.tiktoken")).sha256 == BUNDLED["cl100k_base"].sha256


def test_the_file_name_of_ranks_decides_how_texts_are_split(tmp_path: Path, arrow: Any) -> None:
    ranks = dump_ranks(BYTES | {b"12": 256, b"123": 257, b"1234": 258})
    for name in ("gpt2", "cl100k_base"):
        (tmp_path / f"{name}.tiktoken").write_bytes(ranks)
    counts = {
        name: load_counter(resolve(str(tmp_path / f"{name}.tiktoken"))).count(arrow(["1234", "<|endoftext|>"])).tolist()
        for name in ("gpt2", "cl100k_base")
    }

    assert counts == {"gpt2": [1, 13], "cl100k_base": [2, 13]}


def test_unknown_ranks_with_an_unknown_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.tiktoken").write_bytes(dump_ranks(BYTES))

    with pytest.raises(UsageError, match=r"mine\.tiktoken: .* name it after its encoding \(gpt2, .*o200k_base\)"):
        resolve(str(tmp_path / "mine.tiktoken"))


def test_a_file_that_is_not_a_tokenizer_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("not json")

    with pytest.raises(InputError, match=r"tokenizer\.json: is not a tokenizer\.json: "):
        resolve(str(tmp_path))


def test_a_vocabulary_that_the_reference_refuses_is_refused(tmp_path: Path, byte_level: Parsed) -> None:
    broken = byte_level | {"model": byte_level["model"] | {"merges": [["never", "heard"]]}}
    (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")

    with pytest.raises(InputError, match=r"broken\.json: `tokenizers` can't load it"):
        load_counter(resolve(str(tmp_path / "broken.json")))


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the folder has no tokenizer\.json"):
        resolve(str(tmp_path))


@pytest.mark.parametrize("name", ["missing.json", "some/missing.tiktoken", "/no/such/thing"])
def test_a_missing_file_is_not_taken_for_another_kind_of_name(name: str) -> None:
    with pytest.raises(UsageError, match=f"^{name}: no such file; pass a path to a tokenizer.json, to a folder "):
        resolve(name)


@pytest.mark.parametrize("name", ["cl100k", "a/b", "~nobody-of-that-name/x", "x" * 200])
def test_a_name_unlike_a_file_is_left_to_other_sources(name: str) -> None:
    assert SOURCE.find(name) is None


def test_a_name_too_long_for_a_file_is_refused() -> None:
    with pytest.raises(InputError, match="name too long"):
        SOURCE.find("x" * 5000)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared tokenizers")
def test_real_tokenizers_get_the_fastest_possible_counter(arrow: Any) -> None:
    counters = {
        name: load_counter(resolve(str(SHARED / name))) for name in ("gpt-neox-20b.json", "wordpiece-small.json")
    }

    assert [counter.identity.counter.split()[0] for counter in counters.values()] == ["gigatoken", "tokenizers"]
    assert counters["gpt-neox-20b.json"].count(arrow(["Hello world", ""])).tolist() == [2, 0]
