"""Small vocabularies of the kinds that stores of token ids may have been made with."""

import tokenizers
from made.samples import text
from tokenizers import decoders, models, normalizers, pre_tokenizers

UNKNOWN = "<unk>"
TEXT = text(0) + " Ünïcode 漢字 🙂\n\ttabs  and    blanks\n"


def byte_level() -> tokenizers.Tokenizer:
    """A byte-level vocabulary that was trained on the text."""
    trained = tokenizers.ByteLevelBPETokenizer()
    trained.train_from_iterator([TEXT], vocab_size=400, show_progress=False)
    made = tokenizers.Tokenizer.from_str(trained.to_str())
    made.add_special_tokens(["<|endoftext|>", "<|pad|>"])
    made.add_tokens(["blanks"])
    return made


def sentencepiece(kind: str) -> tokenizers.Tokenizer:
    """A vocabulary of SentencePiece's kind, that falls back to bytes."""
    pieces = [UNKNOWN, "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    pieces += sorted({f"▁{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"} | set("abcdefghijklmnopqrstuvwxyz▁Ü漢"))
    if kind == "unigram":
        made = tokenizers.Tokenizer(models.Unigram([(piece, -1.0) for piece in pieces], 0, byte_fallback=True))
        made.pre_tokenizer = pre_tokenizers.Metaspace()
    else:
        vocabulary = {piece: number for number, piece in enumerate(pieces)}
        made = tokenizers.Tokenizer(models.BPE(vocabulary, [], unk_token=UNKNOWN, byte_fallback=True, fuse_unk=True))
        made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.decoder = decoders.ByteFallback()
    made.add_special_tokens([UNKNOWN, "<s>", "</s>"])
    return made
