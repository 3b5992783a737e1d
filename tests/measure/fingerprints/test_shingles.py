"""Shingle sets and their similarity follow the definition for any text."""

import importlib.util
import random
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.measure.fingerprints.shingles import jaccard, shingle_sets

SHARED = Path(__file__).parents[3].parent / "shared"
UNICODE_14 = unicodedata.unidata_version == "14.0.0"
Shingles = Callable[[str], set[tuple[str, ...]]]
Hash = Callable[[tuple[str, ...]], int]

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
# Few different words, so that shingles repeat and texts resemble each other.
POOR_TEXT = st.lists(st.sampled_from(["a", "B", "c_1", "é", "語", ",", "\n"]), max_size=30).map(" ".join)


def sets(texts: list[str]) -> list[list[int]]:
    """The shingle hashes of each text."""
    offsets, values = shingle_sets(pa.array(texts, pa.large_string()))
    return [sorted(values[a:b].tolist()) for a, b in pairwise(offsets)]


@pytest.mark.skipif(not UNICODE_14, reason="needs Python with Unicode 14.0")
@settings(deadline=None)
@given(text=ANY_TEXT)
def test_shingles_of_any_text_follow_the_definition(text: str, shingles_of: Shingles, hash_of: Hash) -> None:
    assert sets([text]) == [sorted(map(hash_of, shingles_of(text)))]


@settings(deadline=None)
@given(text=POOR_TEXT)
def test_repeated_shingles_count_once(text: str, shingles_of: Shingles, hash_of: Hash) -> None:
    assert sets([text]) == [sorted(map(hash_of, shingles_of(text)))]


def test_shingles_of_many_scripts_follow_the_definition(
    scripts: tuple[str, ...], shingles_of: Shingles, hash_of: Hash
) -> None:
    assert sets(list(scripts)) == [sorted(map(hash_of, shingles_of(text))) for text in scripts]


CHUNK = 4096
"""Bytes that the kernel processes together."""


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["word", "w\u00f6rd", "字字ab", "\u212a9", "x" * 17, "é", "😀", "\u0e01b", ","])
@pytest.mark.parametrize("filler", ["a ", "a", "字", "é", "éa ", "字 ", ". "])
def test_no_word_is_lost_or_cut_at_the_end_of_a_chunk(
    piece: str, filler: str, shingles_of: Shingles, hash_of: Hash
) -> None:
    size = len(filler.encode())
    for before in range(CHUNK - 24, CHUNK + 4):
        text = "." * (before % size) + filler * (before // size) + piece + " some words after it"
        assert sets([text]) == [sorted(map(hash_of, shingles_of(text)))]


@pytest.mark.slow
@pytest.mark.parametrize("run", ["a", "é", "字", "字é", "ก", "😀", "\u00a0", "a\u0301"])
def test_runs_longer_than_a_chunk_are_read_correctly(run: str, shingles_of: Shingles, hash_of: Hash) -> None:
    for times in (2 * CHUNK // len(run.encode()) + extra for extra in (-1, 0, 1, 7)):
        text = "begins " + run * times + " ends with some words"
        assert sets([text]) == [sorted(map(hash_of, shingles_of(text)))]


@pytest.mark.parametrize("character", ["é", "字", "\U00020000", "\U0001e922"])
def test_no_character_is_cut_at_the_end_of_a_chunk(character: str, shingles_of: Shingles, hash_of: Hash) -> None:
    for before in range(4):
        text = "a" * before + character * CHUNK + "b, c"
        assert sets([text]) == [sorted(map(hash_of, shingles_of(text)))]


def test_a_character_cut_off_by_the_end_of_a_text_is_not_a_word() -> None:
    cut = pa.Array.from_buffers(
        pa.large_string(), 2, [None, pa.py_buffer(np.array([0, 3, 5])), pa.py_buffer(b"ab\xe8\xaa\x9e")]
    )
    offsets, values = shingle_sets(cut)
    assert values[: offsets[1]].tolist() == sets(["ab"])[0]


@settings(deadline=None)
@given(st.lists(ANY_TEXT | POOR_TEXT, min_size=1, max_size=8), st.data())
def test_sets_are_the_same_alone_in_batches_and_slices(texts: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(texts) - 1))
    alone = [sets([text])[0] for text in texts]
    assert sets(texts) == alone
    offsets, values = shingle_sets(pa.array(texts, pa.large_string())[start:])
    assert [sorted(values[a:b].tolist()) for a, b in pairwise(offsets)] == alone[start:]


@settings(deadline=None)
@given(texts=st.lists(POOR_TEXT, min_size=2, max_size=8))
def test_similarity_is_that_of_python_sets(texts: list[str], shingles_of: Shingles) -> None:
    pairs = [(a, b) for a in range(len(texts)) for b in range(len(texts))]
    found = jaccard(*shingle_sets(pa.array(texts, pa.large_string())), np.array(pairs))
    expected = []
    for a, b in pairs:
        left, right = shingles_of(texts[a]), shingles_of(texts[b])
        expected.append(len(left & right) / len(left | right) if left | right else 0.0)
    assert found.tolist() == expected


@settings(deadline=None)
@given(ANY_TEXT if UNICODE_14 else st.text(st.characters(codec="ascii")))
def test_upper_case_of_one_code_point_does_not_matter(text: str) -> None:
    upper = "".join(char.upper() if char.upper().lower() == char else char for char in text)
    assert sets([upper]) == sets([text])


def test_a_text_of_up_to_five_words_is_one_shingle() -> None:
    texts = ["a", "a b", "a b c", "a b c d", "a b c d e"]
    assert [len(found) for found in sets(texts)] == [1] * 5
    assert len({found[0] for found in sets(texts)}) == 5


def test_the_order_of_words_matters() -> None:
    assert sets(["a b"]) != sets(["b a"])
    assert sets(["a b c d e"]) != sets(["e d c b a"])


def test_texts_without_words_have_no_shingles() -> None:
    offsets, values = shingle_sets(pa.array(["", " ,.🦊 "], pa.large_string()))
    assert (offsets.tolist(), values.size) == ([0, 0, 0], 0)
    assert jaccard(offsets, values, np.array([[0, 1]])).tolist() == [0.0]


def test_no_texts_and_no_pairs_give_empty_arrays() -> None:
    offsets, values = shingle_sets(pa.array([], pa.large_string()))
    assert (offsets.tolist(), values.tolist()) == ([0], [])
    assert jaccard(offsets, values, np.empty((0, 2), np.int64)).size == 0


@pytest.mark.parametrize("pair", [(0, 2), (-1, 0)])
def test_a_pair_outside_the_sets_is_refused(pair: tuple[int, int]) -> None:
    offsets, values = shingle_sets(pa.array(["a", "b"], pa.large_string()))
    with pytest.raises(IndexError, match="an index is outside its array"):
        jaccard(offsets, values, np.array([pair]))


@pytest.mark.skipif(not UNICODE_14, reason="the reference uses this Python's Unicode")
def test_similarities_are_those_of_the_reference() -> None:
    script = SHARED / "tools" / "similarity.py"
    if not script.exists():
        pytest.skip("needs the reference script")
    spec = importlib.util.spec_from_file_location("similarity", script)
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    chance = random.Random(1)
    chars = [chance.randrange(0x80, 0x2000) for _ in range(300)]
    chars += [chance.choice([32, 0x61, 0x4E00, 0xE01, 0x1F600, 0x20001]) for _ in range(300)]
    texts = ["".join(map(chr, chance.choices(chars, k=1000))) for _ in range(10)]
    texts += [first[:cut] + second[cut:] for first, second in pairwise(texts) for cut in (100, 900)]
    pairs = [(a, b) for a in range(len(texts)) for b in range(a)]
    known = [reference.shingles(text) for text in texts]
    found = jaccard(*shingle_sets(pa.array(texts, pa.large_string())), np.array(pairs))
    assert found.tolist() == [len(known[a] & known[b]) / len(known[a] | known[b]) for a, b in pairs]
