"""From token ids back to text."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.vocabularies import TEXT, byte_level, sentencepiece

from tokaudit.measure.tokenizers.decode import decode
from tokaudit.measure.tokenizers.ids import token_ids
from tokaudit.measure.tokenizers.resolve import resolve


@pytest.mark.parametrize("make", [byte_level, lambda: sentencepiece("unigram"), lambda: sentencepiece("bpe")])
def test_the_ids_of_a_text_are_decoded_to_it(make: Any, tmp_path: Path) -> None:
    tokenizer = make()
    tokenizer.save(str(tmp_path / "own.json"))
    vocabulary = resolve(str(tmp_path / "own.json"))

    for one in (TEXT, "plain words", "漢字 x"):
        assert decode(vocabulary, tokenizer.encode(one, add_special_tokens=False).ids) == one.encode()


@pytest.mark.slow
def test_decoded_ids_have_the_bytes_that_are_counted() -> None:
    bundled = resolve("cl100k_base")
    ids = np.random.default_rng(1).integers(0, 100_300, 5_000)

    assert len(decode(bundled, ids.tolist())) == token_ids(bundled).sizes(ids.astype(np.uint32)).clip(0).sum()
