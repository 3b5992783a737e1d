"""What ids stand for: bytes, end-of-text and special tokens, against what the vocabularies decode to."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
import tokenizers
from made.vocabularies import TEXT, UNKNOWN, byte_level, sentencepiece
from tokenizers import models

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.token_ids import TokenIds
from tokaudit.measure.tokenizers.ids import token_ids
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.measure.tokenizers.sources.bundled import BUNDLED


def ids_of(tokenizer: tokenizers.Tokenizer, folder: Path) -> TokenIds:
    """The ids of a tokenizer that was saved."""
    tokenizer.save(str(folder / "own.json"))
    return token_ids(resolve(str(folder / "own.json")))


def size_of(known: TokenIds, ids: list[int]) -> int:
    """Bytes of the text that the ids stand for."""
    added = int(known.added_blank[ids[0]]) if known.added_blank is not None else 0
    return int(known.sizes(np.array(ids, np.uint32)).sum()) - added


@pytest.mark.parametrize("make", [byte_level, lambda: sentencepiece("unigram"), lambda: sentencepiece("bpe")])
def test_the_ids_of_a_text_stand_for_its_bytes(make: Any, tmp_path: Path) -> None:
    tokenizer = make()
    known = ids_of(tokenizer, tmp_path)
    for one in (TEXT, "plain words", "漢字 x"):
        assert size_of(known, tokenizer.encode(one, add_special_tokens=False).ids) == len(one.encode())


def test_special_tokens_stand_for_nothing_and_end_of_text_is_found(tmp_path: Path) -> None:
    tokenizer = byte_level()
    known = ids_of(tokenizer, tmp_path)

    assert known.end_of_text == tokenizer.token_to_id("<|endoftext|>")
    assert known.bytes[tokenizer.token_to_id("<|pad|>")] == 0
    assert known.bytes[tokenizer.token_to_id("blanks")] == 6
    assert len(known) == tokenizer.get_vocab_size()
    assert known.bytes[-1] == -1
    assert ids_of(sentencepiece("bpe"), tmp_path).end_of_text == 2


def test_a_vocabulary_may_have_no_end_of_text(tmp_path: Path) -> None:
    trained = tokenizers.ByteLevelBPETokenizer()
    trained.train_from_iterator([TEXT], vocab_size=300, show_progress=False)

    assert ids_of(tokenizers.Tokenizer.from_str(trained.to_str()), tmp_path).end_of_text is None


@pytest.mark.parametrize(
    "model",
    [
        models.WordPiece({UNKNOWN: 0, "a": 1}, unk_token=UNKNOWN),
        models.WordLevel({UNKNOWN: 0, "a": 1}, unk_token=UNKNOWN),
        models.BPE({"a</w>": 0}, [], end_of_word_suffix="</w>"),
        models.BPE({"a": 0}, []),
    ],
)
def test_ids_that_do_not_say_their_text_are_refused(model: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not say which text"):
        ids_of(tokenizers.Tokenizer(model), tmp_path)


@pytest.mark.parametrize("number", [-1, 1 << 40, 1.5, "x"])
def test_ids_that_are_not_small_numbers_are_refused(number: object, tmp_path: Path) -> None:
    made = orjson.loads(byte_level().to_str())
    made["model"]["vocab"]["new"] = number
    (tmp_path / "own.json").write_bytes(orjson.dumps(made))

    with pytest.raises(InputError, match="token ids"):
        token_ids(resolve(str(tmp_path / "own.json")))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BUNDLED))
def test_bundled_ids_are_those_of_their_publishers(name: str) -> None:
    splintr = pytest.importorskip("splintr")
    published = splintr.Tokenizer.from_pretrained(name)
    known = token_ids(resolve(name))
    ids = published.encode(TEXT)

    assert size_of(known, ids) == len(TEXT.encode())
    assert known.sizes(np.array(ids, np.uint32)).tolist() == [len(published.decode_token_bytes(one)) for one in ids]
    assert known.end_of_text == published.special_token_id("<|endoftext|>" if name != "mistral_v3" else "</s>") or (
        name == "deepseek_v3" and known.end_of_text == published.eos_token_id
    )
    assert known.bytes[known.end_of_text] == 0
