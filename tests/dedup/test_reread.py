"""Where texts are read again: by the engine, or in this process if nothing else has the bytes of their file."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from made.file_engine import FileEngine
from made.samples import arrow, count_into, text, write_jsonl

from tokaudit.catalog.signatures import Fragments
from tokaudit.core.text_keys import unique
from tokaudit.dedup.renew_signatures import signatures_anew
from tokaudit.dedup.reread import read_again
from tokaudit.dedup.reread_stage import RereadSignatures
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.minhash import signatures
from tokaudit.readers.files import InputFile

TEXTS = [text(seed) for seed in range(6)]
KEYS, FIRST = unique(text_keys(arrow(TEXTS)))


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog of two files with three texts each."""
    write_jsonl(tmp_path / "files" / "a.jsonl", TEXTS[:3])
    write_jsonl(tmp_path / "files" / "b.jsonl", TEXTS[3:])
    count_into(tmp_path / "x.duckdb", tmp_path / "files", "web")
    return tmp_path / "x.duckdb"


def keys_of(texts: list[str]) -> list[list[int]]:
    """Keys of texts, in order."""
    keys, _ = unique(text_keys(arrow(texts)))
    return [[int(half) for half in key] for key in keys]


def test_a_file_whose_bytes_only_this_process_has_is_not_sent(catalog: Path, tmp_path: Path) -> None:
    path = tmp_path / "files" / "a.jsonl"
    kept = Path(shutil.move(path, tmp_path / "kept"))
    at_hand = {str(path): InputFile(str(path), "a.jsonl", kept.stat().st_size, "", opener=lambda: kept.open("rb"))}
    (tmp_path / "work").mkdir()
    engine = FileEngine(tmp_path / "work")
    found = list(read_again(catalog, KEYS, RereadSignatures(), 2, at_hand, engine))

    assert engine.ran == {"signatures": 1}
    assert sorted(place for index, _, _ in found for place in index.tolist()) == list(range(len(TEXTS)))
    for index, keys, (made,) in found:
        assert np.array_equal(keys, KEYS[index])
        assert np.array_equal(made, signatures(arrow([TEXTS[FIRST[place]] for place in index]))[0])


def test_another_text_in_a_changed_file_is_not_taken_for_a_wanted_one(catalog: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "files" / "b.jsonl", [text(100), TEXTS[4], TEXTS[5]])
    made, gone = signatures_anew(catalog, KEYS, 2)
    found = Fragments(catalog, [fragment.name for fragment in made])

    assert gone.tolist() == keys_of([TEXTS[3]])
    assert sorted(found.keys().tolist()) == keys_of([*TEXTS[:3], *TEXTS[4:]])


def test_a_text_is_read_once_from_the_first_file_that_has_it(catalog: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "more" / "c.jsonl", TEXTS)
    count_into(catalog, tmp_path / "more", "web")
    (tmp_path / "files" / "a.jsonl").unlink()
    found = [place for index, _, _ in read_again(catalog, KEYS, RereadSignatures(), 2) for place in index.tolist()]

    assert sorted(found) == list(range(len(TEXTS)))
