"""What holds for every ingester, whatever its domain."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.ingesters.cleaning import clean
from tokaudit.ingesters.domains import INGESTERS
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS


@pytest.mark.parametrize("name", INGESTERS.names())
def test_a_file_has_a_reader_that_is_known_or_a_rule_that_leaves_it_out(name: str, tmp_path: Path) -> None:
    ingester = INGESTERS.get(name)
    for file_name in ("a.txt", "a.jsonl", "a.py", "a.unheard", "a.gz", "README", "gone.txt"):
        if not file_name.startswith("gone"):
            (tmp_path / file_name).write_bytes(b"text\0")
        file = InputFile(str(tmp_path / file_name), file_name, 5, "")
        chosen = ingester.choose(file)
        assert chosen.reader in READERS.names() if chosen.left_out is None else chosen.reader is None
        assert all(isinstance(word, str) for label in ingester.labels(file).items() for word in label)


@pytest.mark.parametrize("name", INGESTERS.names())
@given(texts=st.lists(st.text()))
def test_a_batch_is_cleaned_like_its_texts_one_by_one_and_not_at_all_if_none_is_asked(
    name: str, texts: list[str]
) -> None:
    steps = INGESTERS.get(name).steps("default")
    one_by_one = [clean(pa.array([text], pa.large_string()), steps)[0].as_py() for text in texts]

    assert clean(pa.array(texts, pa.large_string()), steps).equals(pa.array(one_by_one, pa.large_string()))
    assert len({step.name for step in steps}) == len(steps)
    assert INGESTERS.get(name).steps("none") == ()
