"""The floor: read, parse, hash and count, and keep nothing. Any tool must do about this much.

    python floor.py FILE.jsonl

It parses and hashes in one thread. It counts batches of 32 MB, one after the other, with the counter's own threads.
"""

import sys
from pathlib import Path

import awkward as ak
import gigatoken
import orjson
import xxhash

from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.resolve import resolve

BATCH_BYTES = 32_000_000


def main(path: Path) -> None:
    """Print the number of documents, bytes and tokens of the file."""
    counter = gigatoken.Tokenizer.from_json(resolve(DEFAULT).load())
    documents = size = tokens = held = 0
    batch: list[bytes] = []
    with path.open("rb") as lines:
        for line in lines:
            text = orjson.loads(line)["text"].encode()
            xxhash.xxh3_128_digest(text)
            batch.append(text)
            documents, size, held = documents + 1, size + len(text), held + len(text)
            if held > BATCH_BYTES:
                tokens += int(ak.sum(ak.num(counter.encode_batch(batch))))
                batch, held = [], 0
    if batch:
        tokens += int(ak.sum(ak.num(counter.encode_batch(batch))))
    print(documents, size, tokens)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
