"""A corpus that is cut into many shards: large files in parts, small ones together, and faults in some."""

import gzip
import json
import random
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from made.crawls import html
from made.samples import altered, text
from made.vocabularies import byte_level

TOKENIZER: Final = "tokenizer.json"


def sharded_corpus(folder: Path) -> Path:
    """Write the corpus, and a small tokenizer next to it; some texts are in it twice, and some almost."""
    folder.mkdir(parents=True)
    byte_level().save(str(folder.with_name(TOKENIZER)))
    chance = random.Random(7)
    texts = [text(seed) for seed in range(60)]
    lines = [json.dumps({"text": each, "licence": chance.choice(["mit", "cc0"])}) for each in texts]
    lines += [json.dumps({"text": altered(each, 2)}) for each in texts[::6]]
    for at, odd in ((3, ""), (9, '{"text": null}'), (33, "no JSON"), (34, "  "), (50, '["a list"]')):
        lines.insert(at, odd)
    (folder / "large.jsonl").write_text("\n".join(lines), encoding="utf-8")
    other = [json.dumps({"content": each}) for each in [*texts[5:9], *map(text, range(100, 130))]]
    (folder / "other.jsonl").write_text("\n".join(other) + "\n", encoding="utf-8")
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[40:60]).encode(), mtime=0))
    table = pa.table({"text": [*texts[20:40], None, *map(text, range(400, 440))], "licence": ["mit"] * 61})
    pq.write_table(table, folder / "rows.parquet", row_group_size=7)
    for place in range(12):
        (folder / f"small{place:02}.txt").write_text(text(200 + place % 9), encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"caf\xe9")
    (folder / "page.html").write_bytes(html(text(300)))
    return folder


def options_for(corpus: Path) -> tuple[object, ...]:
    """Options of an ingest of the corpus, which has bad records."""
    labels = ("--label", "licence=licence", "--language")
    return ("--domain", "web", "--on-bad-record", "skip", "--tokenizer", corpus.with_name(TOKENIZER), *labels)


SIZES: Final = {"SHARD_BYTES": 8_000, "_FILE": 1_000}
"""Values of `tokaudit.pipeline.shards.cut` with which it is cut into some twenty shards."""
