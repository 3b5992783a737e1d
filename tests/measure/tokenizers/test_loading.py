"""Which counter is chosen; it is never one that miscounts."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import awkward
import pytest
import tokenizers

from tokaudit.measure.tokenizers import agreement_check
from tokaudit.measure.tokenizers.protocol import Counter, Vocabulary
from tokaudit.measure.tokenizers.resolve import load_counter

Parsed = dict[str, Any]
Make = Callable[[Parsed], Vocabulary]
TEXTS = ["the cat and the hat", "", "<|end|>", "ein Kätzchen", " \n"]


class PanicException(BaseException):
    """Stands in for pyo3's exception."""


def panics(_: Any, **__: Any) -> Any:
    raise PanicException("range end out of bounds")


def finds_one_token_in_every_text(text: Any, **_: Any) -> Any:
    return awkward.Array([[1]] * len(text))


def loses_the_last_text(text: Any, **_: Any) -> Any:
    return awkward.Array([[1]] * (len(text) - 1))


@contextmanager
def instead_of_gigatoken(stub: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "gigatoken", stub)
        yield


def fake(encode_batch: Any) -> Any:
    """A stand-in for gigatoken that loads everything and counts with the given function."""

    def encode_batch_padded(text: list[bytes], _: int, **options: Any) -> Any:
        return None, awkward.num(encode_batch(text, **options))

    tokenizer = SimpleNamespace(encode_batch=encode_batch, encode_batch_padded=encode_batch_padded)
    return SimpleNamespace(Tokenizer=SimpleNamespace(from_json=lambda _: tokenizer), BytesSource=list)


def right(parsed: Parsed, texts: list[str]) -> list[int]:
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(parsed))
    tokenizer.no_truncation()
    return [len(tokenizer.encode(text, add_special_tokens=False)) for text in texts]


def assert_reference(counter: Counter, why: str) -> None:
    assert counter.identity.counter.startswith("tokenizers ")
    assert counter.fallback_reason is not None
    assert why in counter.fallback_reason


@pytest.mark.usefixtures("fresh_cache")
def test_the_fast_counter_counts_if_it_can(byte_level: Parsed, vocabulary_of: Make, arrow: Any) -> None:
    counter = load_counter(vocabulary_of(byte_level))

    assert counter.identity.counter.startswith("gigatoken ")
    assert counter.count(arrow(TEXTS)).tolist() == right(byte_level, TEXTS)


@pytest.mark.usefixtures("fresh_cache")
def test_the_reference_counts_vocabularies_that_gigatoken_refuses(
    word_piece: Parsed, vocabulary_of: Make, arrow: Any
) -> None:
    counter = load_counter(vocabulary_of(word_piece))

    assert_reference(counter, "WordPiece")
    assert counter.count(arrow(TEXTS)).tolist() == right(word_piece, TEXTS)


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize(
    ("stub", "why"),
    [
        (fake(panics), "range end out of bounds"),
        (fake(finds_one_token_in_every_text), "miscounts"),
        (fake(loses_the_last_text), "counts for"),
        (SimpleNamespace(Tokenizer=None), "AttributeError"),
        (None, "can't be imported"),
    ],
    ids=["panics", "miscounts", "loses a text", "has another interface", "is missing"],
)
def test_the_reference_counts_if_gigatoken(
    stub: Any, why: str, byte_level: Parsed, vocabulary_of: Make, arrow: Any
) -> None:
    with instead_of_gigatoken(stub):
        counter = load_counter(vocabulary_of(byte_level))
        counts = counter.count(arrow(TEXTS)).tolist()

    assert_reference(counter, why)
    assert counts == right(byte_level, TEXTS)


@pytest.mark.usefixtures("fresh_cache")
def test_the_reference_counts_if_the_count_depends_on_the_batch(
    byte_level: Parsed, vocabulary_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.measure.tokenizers.fast._count_few", lambda _, text: [1] * len(text))

    assert_reference(load_counter(vocabulary_of(byte_level)), "miscounts")


@pytest.mark.usefixtures("fresh_cache")
def test_the_reference_counts_if_gigatoken_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, byte_level: Parsed, vocabulary_of: Make
) -> None:
    def version(name: str) -> str:
        if name == "gigatoken":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(agreement_check, "version", version)

    assert_reference(load_counter(vocabulary_of(byte_level)), "not installed")
    assert agreement_check.known_counter("any vocabulary") == "tokenizers 1.0"


@pytest.mark.usefixtures("fresh_cache")
def test_the_check_runs_once_for_the_same_versions(
    monkeypatch: pytest.MonkeyPatch, byte_level: Parsed, vocabulary_of: Make
) -> None:
    vocabulary = vocabulary_of(byte_level)
    assert agreement_check.known_counter(vocabulary.sha256) is None
    first = load_counter(vocabulary)
    monkeypatch.setattr("tokaudit.measure.tokenizers.loading.sample", lambda _: pytest.fail("checked again"))

    assert load_counter(vocabulary).identity == first.identity
    assert agreement_check.known_counter(vocabulary.sha256) == first.identity.counter

    monkeypatch.setattr(agreement_check, "version", lambda _: "another")
    with pytest.raises(pytest.fail.Exception, match="checked again"):
        load_counter(vocabulary)


@pytest.mark.usefixtures("fresh_cache")
def test_a_failed_check_is_kept_and_a_failed_import_is_not(byte_level: Parsed, vocabulary_of: Make) -> None:
    vocabulary = vocabulary_of(byte_level)
    with instead_of_gigatoken(None):
        load_counter(vocabulary)
    assert agreement_check.recall_agreement(vocabulary.sha256) is None

    with instead_of_gigatoken(fake(finds_one_token_in_every_text)):
        load_counter(vocabulary)

    assert_reference(load_counter(vocabulary), "miscounts")


def test_counting_works_without_a_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, byte_level: Parsed, vocabulary_of: Make, arrow: Any
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TOKAUDIT_CACHE", str(tmp_path / "file"))

    counter = load_counter(vocabulary_of(byte_level))

    assert counter.identity.counter == agreement_check.fast_version()
    assert counter.count(arrow(TEXTS)).tolist() == right(byte_level, TEXTS)


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize("kind", ["byte_level", "word_piece"])
def test_truncation_padding_and_templates_do_not_change_counts(
    kind: str, vocabulary_of: Make, arrow: Any, request: pytest.FixtureRequest
) -> None:
    parsed = request.getfixturevalue(kind)
    special = next(iter(parsed["model"]["vocab"]))
    dressed = tokenizers.Tokenizer.from_str(json.dumps(parsed))
    dressed.enable_truncation(3)
    dressed.enable_padding(length=50)
    dressed.post_processor = tokenizers.processors.TemplateProcessing(
        single=f"{special} $A", special_tokens=[(special, parsed["model"]["vocab"][special])]
    )
    vocabulary = vocabulary_of(json.loads(dressed.to_str()))
    counts = load_counter(vocabulary).count(arrow([*TEXTS, "the cat " * 50])).tolist()

    assert vocabulary.sha256 == vocabulary_of(parsed).sha256
    assert counts == right(parsed, [*TEXTS, "the cat " * 50])
    assert max(counts) > 50


@pytest.mark.usefixtures("fresh_cache")
def test_dropout_does_not_make_counts_random(byte_level: Parsed, vocabulary_of: Make, arrow: Any) -> None:
    random = byte_level | {"model": byte_level["model"] | {"dropout": 0.9}}
    text = arrow(["the cat and the hat " * 20])

    assert load_counter(vocabulary_of(random)).count(text).tolist() == right(byte_level, text.to_pylist())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_counting_starts_no_threads(
    byte_level: Parsed, word_piece: Parsed, vocabulary_of: Make, tmp_path: Path
) -> None:
    for kind, parsed in {"byte_level": byte_level, "word_piece": word_piece}.items():
        (tmp_path / f"{kind}.json").write_bytes(vocabulary_of(parsed).load())
    script = """
import os, sys
import awkward, gigatoken, numpy, tokenizers
import pyarrow as pa
from tokaudit.measure.tokenizers.resolve import load_counter, resolve

text = pa.array(["the cat and the hat " * 5000, "\\ua7ce<s"] * 40, pa.large_string())
for path in sys.argv[1:]:
    before = set(os.listdir("/proc/self/task"))
    load_counter(resolve(path)).count(text)
    print("more threads:", len(set(os.listdir("/proc/self/task")) - before))
"""
    paths = [str(path) for path in tmp_path.glob("*.json")]
    done = subprocess.run([sys.executable, "-c", script, *paths], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["more threads: 0"] * 2


@pytest.mark.usefixtures("fresh_cache")
def test_the_check_and_the_loading_are_announced(byte_level: Parsed, vocabulary_of: Make) -> None:
    vocabulary, said = vocabulary_of(byte_level), list[str]()
    load_counter(vocabulary, said.append)
    load_counter(vocabulary, said.append)

    loading = f"loading tokenizer {vocabulary.name}"
    checking = f"checking tokenizer {vocabulary.name} (once per version, takes some seconds)"
    assert said == [loading, checking, loading]


@pytest.mark.usefixtures("fresh_cache")
def test_the_check_finds_the_split_characters_too(
    monkeypatch: pytest.MonkeyPatch, byte_level: Parsed, vocabulary_of: Make, arrow: Any
) -> None:
    counter = load_counter(vocabulary_of(byte_level))
    monkeypatch.setattr(
        "tokaudit.measure.tokenizers.reference.find_split_characters", lambda *_: pytest.fail("the batch waits for it")
    )

    assert counter.count(arrow(["a\ua7ceb"])).tolist() == right(byte_level, ["a\ua7ceb"])
