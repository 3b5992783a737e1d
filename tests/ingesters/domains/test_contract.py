"""Rules that hold for every ingester, whatever its domain."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.ingesters.cleaning import clean
from tokaudit.ingesters.domains import INGESTERS, ingester_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS

NAMES = ["x.jsonl", "x.parquet", "x.txt.gz", "x.py", "README", "x.json", "x.bin", "x", ".gz", "x.d/y"]
CONTENTS = [b"", b"plain text", b'{"text": "a"}\n{"text": "b"}\n', b"\0\1\2", b"\xff\xfe", b"%PDF-1.7"]


@pytest.mark.parametrize("name", INGESTERS.names())
@pytest.mark.parametrize("content", CONTENTS)
def test_a_file_has_a_reader_or_a_rule_that_leaves_it_out(tmp_path: Path, name: str, content: bytes) -> None:
    ingester = INGESTERS.get(name)
    for below in NAMES:
        path = tmp_path / below
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        chosen = ingester.choose(InputFile(str(path), below, len(content), ""))

        assert (chosen.reader is None) is not (chosen.left_out is None)
        assert chosen.reader is None or chosen.reader in READERS.names()
        assert chosen.file is None or chosen.file.path == str(path)


@pytest.mark.parametrize("name", INGESTERS.names())
def test_choosing_for_a_missing_file_is_not_an_error(name: str) -> None:
    gone = InputFile("/none/at/all", "at/all", 5, "")
    chosen = INGESTERS.get(name).choose(gone)

    assert (chosen.reader is None) is not (chosen.left_out is None)
    assert all(isinstance(value, str) for value in INGESTERS.get(name).labels(gone).values())


@pytest.mark.parametrize("name", INGESTERS.names())
def test_cleaning_steps_have_names_and_can_be_turned_off(name: str) -> None:
    steps = INGESTERS.get(name).steps("default")

    assert len({step.name for step in steps}) == len(steps)
    assert INGESTERS.get(name).steps("none") == ()


@pytest.mark.parametrize("name", INGESTERS.names())
@given(texts=st.lists(st.text()))
def test_cleaning_a_batch_equals_cleaning_its_texts_one_by_one(name: str, texts: list[str]) -> None:
    steps = INGESTERS.get(name).steps("default")
    one_by_one = [clean(pa.array([text], pa.large_string()), steps)[0].as_py() for text in texts]

    assert clean(pa.array(texts, pa.large_string()), steps).equals(pa.array(one_by_one, pa.large_string()))


def test_a_domain_without_ingester_is_counted_without_cleaning() -> None:
    assert ingester_of("letters").steps("default") == ()
