"""The sample for checking the fast counter."""

import pyarrow as pa

from tokaudit.measure.tokenizers.sample import sample
from tokaudit.measure.tokenizers.split_points import split_documents


def test_the_sample_is_the_same_each_time() -> None:
    assert sample(["<x>"]) == sample(["<x>"])


def test_added_tokens_are_alone_and_inside_texts() -> None:
    texts = sample(["<a added token>"])

    assert "<a added token>" in texts
    assert sum("<a added token>" in text for text in texts) >= 4


def test_the_sample_has_difficult_texts() -> None:
    texts = sample([])
    everything = "".join(texts)

    assert "" in texts
    assert max(len(text) for text in texts) >= 3000
    assert all(part in everything for part in ("\r\n", "\u3000", "\x00", "\u200d", "e\u0301", "中", "ไ", "🙂", "   "))


def test_thousands_of_added_tokens_keep_the_sample_short() -> None:
    assert len(sample([f"<{number}>" for number in range(5000)])) < 2000


def test_no_text_has_new_unicode_characters() -> None:
    assert not split_documents(
        pa.array(sample([]), pa.large_string()), "", 10_000, isolate_new_unicode=True
    ).new_unicode.any()
