"""Every kernel refuses arrays that do not match, and never reads or writes outside its arrays."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from made.walls import Array, run_walled

from tokaudit.core.kernels import face
from tokaudit.measure.fingerprints.alphabet import alphabet
from tokaudit.measure.fingerprints.minhash import FACTORS, TERMS

Arguments = dict[str, Any]


def array(kind: str, *values: Any) -> Array:
    return np.array(values, kind)


def empty(kind: str, *shape: int) -> Array:
    return np.zeros(shape, kind)


def texts(**more: Any) -> Arguments:
    return {"data": array("u1", *b"some words, five of them"), "offsets": array("i8", 0, 4, 10, 24), **more}


def groups(**more: Any) -> Arguments:
    return {"label": np.arange(3), "ring": np.arange(3), "size": np.ones(3, np.int64), **more}


BAND, ENTRIES, PAIRS = array("u4", 7, 1, 7), array("u8", 7 << 32, 7 << 32 | 2), array("i8", [0, 1], [2, 0])
KEYS, VALUES, SKETCHES = np.ones((3, 2), np.uint64), np.ones((3, 4), np.uint16), np.ones((3, 4), np.uint8)
LETTERS, KINDS = {"alphabet": alphabet()}, empty("u1", 1 << 21)
MARKUP = "<ul><li>one<figure>—</figure>&rarr;<a>two</a>é<a>—</a></ul>".encode()
NAMES = np.array([b"mdash", b"mdash;", b"rarr;"], "S32").view(np.uint8).reshape(-1, 32)
PERMUTATIONS = {"factors": FACTORS, "terms": TERMS}
LINKED = {"links": PAIRS, "begin": np.arange(4), "row": array("i8", 0, 0, 0), "first": np.arange(3)}
SIGNED = {"members": np.arange(3), "signatures": VALUES, "sketches": SKETCHES, "failed": array("i8", 1)}

CALLS: dict[str, Callable[[], tuple[Arguments, Arguments]]] = {
    "murmur": lambda: (texts(), {"keys": empty("u8", 3, 2)}),
    "minhash": lambda: (
        texts(**LETTERS, **PERMUTATIONS),
        {"signatures": empty("u2", 3, 128), "words": empty("i8", 3)},
    ),
    "shingle_sets": lambda: (
        texts(**LETTERS),
        {"slots": empty("u8", 16), "ends": empty("i8", 3), "values": empty("u8", 9)},
    ),
    "repeats": lambda: (
        texts(by_line=1, length=3),
        {"slots": empty("u8", 16), "repeated": empty("i8", 3)},
    ),
    "split_all": lambda: (
        texts(kinds=KINDS, lowest=255, target=4),
        {"starts": empty("i8", 9), "new_unicode": empty("?", 8), "first": empty("i8", 3)},
    ),
    "repair_markup": lambda: (
        {"data": array("u1", *MARKUP), "whole": 1, "names": NAMES, "is_word": empty("u1", 0)},
        {"repaired": empty("u1", len(MARKUP) * 7 // 4), "changes": empty("i8", 2)},
    ),
    "band_keys": lambda: ({"signatures": np.tile(VALUES, 2)}, {"keys": empty("u4", 3, 2)}),
    "text_sums": lambda: ({"keys": KEYS, "signatures": VALUES.astype(np.uint64)}, {"sums": empty("u4", 3)}),
    "agreements": lambda: ({"signatures": VALUES, "pairs": PAIRS}, {"equal": empty("u1", 2)}),
    "jaccard": lambda: (
        {"offsets": array("i8", 0, 1, 3, 3), "values": array("u8", 5, 5, 6), "pairs": PAIRS},
        {"slots": empty("u8", 16), "similarity": empty("f8", 2)},
    ),
    "entries_of": lambda: ({"band": BAND, "shift": 1, "prefix": 3}, {"entries": empty("u8", 3)}),
    "mark": lambda: ({"band": BAND}, {"seen": empty("u8", 2)}),
    "entries_seen": lambda: ({"band": BAND, "first": 5, "seen": array("u8", 2, 0)}, {"entries": empty("u8", 3)}),
    "count_met": lambda: ({"bands": np.ones((3, 2), np.uint32)}, {"met": empty("u8", 2), "counts": empty("u1", 3)}),
    "sort_by_key": lambda: ({}, {"entries": ENTRIES, "spare": empty("u8", 2)}),
    "keep_shared": lambda: ({"new": 3}, {"entries": ENTRIES}),
    "next_pairs": lambda: (
        {"entries": ENTRIES, "new": 3, "bands": np.ones((3, 2), np.uint32), "band": 0},
        {"places": array("i8", 0, 1), "pairs": empty("u4", 2, 2)},
    ),
    "merge_links": lambda: (LINKED, {"parent": np.arange(3)}),
    "join": lambda: ({"pairs": PAIRS}, groups()),
    "fill_pairs": lambda: (
        {**SIGNED, "new": 3, "least": 3, "tries": 1, "apart": 3},
        groups(room=empty("i8", 3, 3), pairs=empty("i8", 3, 2)),
    ),
}
"""Valid arguments of each kernel: those it reads, and those it fills."""


def run(kernel: str, **other: Any) -> Any:
    """Call a kernel with valid arguments, some of them replaced. Arrays lie between walls."""
    given, filled = CALLS[kernel]()
    return run_walled(getattr(face, kernel), **given | filled | other)


def arrays_of(arguments: Arguments) -> dict[str, Array]:
    return {name: value for name, value in arguments.items() if isinstance(value, np.ndarray)}


def misaligned(value: Array) -> Array:
    """A copy at an odd address."""
    copy = np.frombuffer(bytearray(value.nbytes + 9), np.uint8)
    begin = 1 + copy.ctypes.data % 2
    moved = copy[begin : begin + value.nbytes].view(value.dtype).reshape(value.shape)
    moved[...] = value
    return moved


def read_only(value: Array) -> Array:
    copy = value.copy()
    copy.flags.writeable = False
    return copy


def spread(value: Array) -> Array:
    """A copy that is not contiguous."""
    return np.repeat(value, 2, axis=0)[::2]


def test_all_kernels_are_tested() -> None:
    functions = inspect.getmembers(face, inspect.isfunction)

    assert set(CALLS) == {name for name, made in functions if made.__module__ == face.__name__ and name[0] != "_"}


@pytest.mark.parametrize("kernel", CALLS)
def test_arrays_with_another_type_or_dimension_are_refused(kernel: str) -> None:
    given, filled = CALLS[kernel]()
    for name, value in arrays_of(given | filled).items():
        for other in (value.astype(np.float32), value.astype(">i2"), value[None]):
            with pytest.raises(TypeError, match=kernel):
                run(kernel, **{name: other})


@pytest.mark.parametrize("kernel", CALLS)
@pytest.mark.parametrize("moved", [read_only, spread, misaligned])
def test_arrays_that_cannot_be_filled_in_place_are_refused(kernel: str, moved: Callable[[Array], Array]) -> None:
    given, filled = CALLS[kernel]()
    for name, value in arrays_of(filled).items():
        if moved is misaligned and value.itemsize == 1:
            continue
        with pytest.raises(TypeError, match=kernel):
            getattr(face, kernel)(**given | filled | {name: moved(value)})


@pytest.mark.parametrize("kernel", CALLS)
@pytest.mark.parametrize("moved", [read_only, spread, misaligned])
def test_arrays_that_are_only_read_may_have_any_layout(kernel: str, moved: Callable[[Array], Array]) -> None:
    given, filled = CALLS[kernel]()
    returned = getattr(face, kernel)(
        **given | {name: moved(value) for name, value in arrays_of(given).items()} | filled
    )

    plain_given, plain_filled = CALLS[kernel]()
    assert returned == getattr(face, kernel)(**plain_given | plain_filled)
    for name, value in filled.items():
        if name not in {"slots", "spare", "room"}:
            assert value.tolist() == plain_filled[name].tolist()


OUTSIDE: list[tuple[str, Arguments]] = [
    *[
        (kernel, {"offsets": array("i8", *offsets)})
        for kernel in ("murmur", "minhash", "shingle_sets", "repeats", "split_all")
        for offsets in ([0, 4, 10, 25], [0, 10, 4, 24], [-1, 4, 10, 24], [0, 4, 10], [0, 4, 10, 24, 24], [])
    ],
    *[
        (kernel, {"alphabet": face.Alphabet(*letters)})
        for kernel in ("minhash", "shingle_sets")
        for letters in ((alphabet().page[1:], alphabet().entries), (alphabet().page, alphabet().entries[1:]))
    ],
    *[("jaccard", {"offsets": array("i8", *offsets)}) for offsets in ([0, 1, 4], [2, 1, 3], [-1, 1, 3], [0, 1], [])],
    *[
        (kernel, {"pairs": array("i8", pair, [0, 0])})
        for kernel in ("agreements", "jaccard", "join")
        for pair in ([0, 3], [3, 0], [-1, 0], [0, -1], [0, 2**62])
    ],
    ("murmur", {"keys": empty("u8", 3, 3)}),
    ("minhash", {"signatures": empty("u2", 2, 128)}),
    ("minhash", {"signatures": empty("u2", 3, 127)}),
    ("minhash", {"words": empty("i8", 4)}),
    ("minhash", {"factors": FACTORS[1:]}),
    ("minhash", {"terms": TERMS[1:]}),
    ("shingle_sets", {"slots": empty("u8", 15)}),
    ("shingle_sets", {"values": empty("u8", 1)}),
    ("repeats", {"slots": empty("u8", 8)}),
    ("repeats", {"slots": empty("u8", 24)}),
    ("repeats", {"length": 0}),
    ("repeats", {"repeated": empty("i8", 2)}),
    ("split_all", {"kinds": KINDS[1:]}),
    ("split_all", {"starts": empty("i8", 0)}),
    ("split_all", {"target": 0}),
    ("split_all", {"lowest": 256}),
    ("repair_markup", {"names": NAMES[:, :31]}),
    ("repair_markup", {"is_word": empty("u1", 0x10FFFF)}),
    ("repair_markup", {"repaired": empty("u1", len(MARKUP) + len(MARKUP) // 4 * 3 - 1)}),
    ("repair_markup", {"changes": empty("i8", 1)}),
    ("repair_markup", {"changes": empty("i8", 3)}),
    ("band_keys", {"keys": empty("u4", 3, 3)}),
    ("band_keys", {"keys": empty("u4", 3, 0)}),
    ("band_keys", {"keys": empty("u4", 2, 2)}),
    ("band_keys", {"signatures": empty("u2", 3, 12)}),
    ("text_sums", {"keys": KEYS[:2]}),
    ("text_sums", {"signatures": empty("u8", 2, 4)}),
    ("text_sums", {"keys": empty("u8", 3, 3)}),
    ("agreements", {"equal": empty("u1", 1)}),
    ("agreements", {"pairs": empty("i8", 2, 3)}),
    ("agreements", {"signatures": empty("u2", 3, 256)}),
    ("jaccard", {"slots": empty("u8", 15)}),
    ("jaccard", {"similarity": empty("f8", 3)}),
    ("jaccard", {"pairs": empty("i8", 2, 3)}),
    ("entries_of", {"entries": empty("u8", 2)}),
    ("entries_of", {"shift": 33}),
    ("entries_of", {"shift": -1}),
    ("mark", {"seen": empty("u8", 3)}),
    ("mark", {"seen": empty("u8", 0)}),
    ("entries_seen", {"seen": empty("u8", 3)}),
    ("entries_seen", {"seen": empty("u8", 0)}),
    ("entries_seen", {"entries": empty("u8", 2)}),
    ("count_met", {"met": empty("u8", 3)}),
    ("count_met", {"met": empty("u8", 0)}),
    ("count_met", {"counts": empty("u1", 2)}),
    ("count_met", {"bands": empty("u4", 3, 256)}),
    ("sort_by_key", {"spare": empty("u8", 1)}),
    ("next_pairs", {"places": array("i8", -1, 0)}),
    ("next_pairs", {"places": array("i8", 0, -1)}),
    ("next_pairs", {"places": array("i8", 0)}),
    ("next_pairs", {"band": -1}),
    ("next_pairs", {"band": 3}),
    ("next_pairs", {"pairs": empty("u4", 2, 3)}),
    ("next_pairs", {"bands": empty("u4", 2, 2), "band": 1}),
    ("next_pairs", {"bands": empty("u4", 0, 2)}),
    ("merge_links", {"links": array("i8", [0, 3])}),
    ("merge_links", {"links": array("i8", [-1, 0])}),
    ("merge_links", {"links": array("i8", [0, 1, 2])}),
    ("merge_links", {"begin": array("i8", 0, 1, 2, 4)}),
    ("merge_links", {"begin": array("i8", -1, 1, 2, 3)}),
    ("merge_links", {"first": array("i8", 0, 1, 3)}),
    ("merge_links", {"first": array("i8", 0, 1)}),
    ("merge_links", {"parent": array("i8", 1, 0, 2)}),
    ("merge_links", {"parent": array("i8", 0, -1, 2)}),
    ("join", {"pairs": empty("i8", 2, 3)}),
    ("fill_pairs", {"members": array("i8", 0, 1, 3)}),
    ("fill_pairs", {"members": array("i8", -1, 1, 2)}),
    ("fill_pairs", {"members": array("i8", 0, 1, 2, 2), "sketches": np.ones((4, 4), np.uint8)}),
    ("fill_pairs", {"signatures": VALUES[:2]}),
    ("fill_pairs", {"sketches": SKETCHES[:2]}),
    ("fill_pairs", {"sketches": SKETCHES[:, :2]}),
    ("fill_pairs", {"signatures": empty("u2", 3, 256), "sketches": empty("u1", 3, 256)}),
    ("fill_pairs", {"room": empty("i8", 2, 3)}),
    ("fill_pairs", {"room": empty("i8", 3, 2)}),
    ("fill_pairs", {"pairs": empty("i8", 1, 2)}),
    ("fill_pairs", {"pairs": empty("i8", 3, 3)}),
    *[
        (kernel, {name: array("i8", *values)})
        for kernel in ("join", "fill_pairs")
        for name in ("label", "ring", "size")
        for values in ([0, 1], [0, 1, 3 + (name == "size")], [0, -1, 2])
    ],
]  # fmt: skip - one case per line


@pytest.mark.parametrize(("kernel", "other"), OUTSIDE)
def test_mismatched_arrays_and_outside_indexes_are_refused(kernel: str, other: Arguments) -> None:
    with pytest.raises(IndexError, match=kernel):
        run(kernel, **other)


@st.composite
def anything(draw: st.DrawFn, kernel: str) -> Arguments:
    """Replacements for some arguments of a kernel: of the right types, with any shapes and values."""
    given, filled = CALLS[kernel]()
    odd = st.integers(-2, 4) | st.sampled_from([-(2**63), 2**31, 2**62, 2**63 - 1])
    other: Arguments = {}
    for name, value in (given | filled).items():
        if isinstance(value, int):
            other[name] = draw(st.just(value) | st.integers(-1, 40))
        elif isinstance(value, np.ndarray) and value.size < 1000 and draw(st.booleans()):
            shapes = arrays.array_shapes(min_dims=value.ndim, max_dims=value.ndim, min_side=0, max_side=5)
            elements = odd if value.dtype == np.int64 else None
            other[name] = draw(arrays.arrays(value.dtype, st.just(value.shape) | shapes, elements=elements))
    return other


@pytest.mark.parametrize("kernel", CALLS)
@given(data=st.data())
def test_a_kernel_stays_within_its_arrays_for_any_arguments(kernel: str, data: st.DataObject) -> None:
    other = data.draw(anything(kernel))
    try:
        run(kernel, **other)
    except IndexError as error:
        assert "do not match" in str(error)  # noqa: PT017 - it need not be raised


@pytest.mark.parametrize("kernel", CALLS)
def test_empty_arrays_give_empty_results(kernel: str) -> None:
    fixed = {"changes", "factors", "kinds", "met", "places", "seen", "slots", "terms"}
    least = {"begin": 1, "offsets": 1, "starts": 1}
    given, filled = CALLS[kernel]()
    none = {name: value[: least.get(name, 0)] for name, value in arrays_of(given | filled).items() if name not in fixed}
    if "room" in none:
        none["room"] = filled["room"][:, :0]

    assert run(kernel, **none) in (None, 0)
