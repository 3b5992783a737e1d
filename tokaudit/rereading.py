"""Similarities by reading texts again: estimates propose, shingle sets decide."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from tokaudit.catalog import reading
from tokaudit.fingerprints.exact import text_keys
from tokaudit.fingerprints.shingles import jaccard, shingle_sets
from tokaudit.groups import components
from tokaudit.ingesters import cleaning_steps, ingester_of
from tokaudit.keys import positions, unique
from tokaudit.measure import clean
from tokaudit.paths import InputFile
from tokaudit.readers import READERS
from tokaudit.readers._again import read_ordinals
from tokaudit.records import Float64, Int64, ReadOptions, UInt64

_BATCH_BYTES: Final = 128_000_000
"""Text whose shingle sets are held at once: 8 bytes a shingle, about 1.3 times the text."""

_TOGETHER_BYTES: Final = 4_000_000
_FILE_COLUMNS: Final = ["below", "size", "modified", "reader", "text_field"]

_PLACES: Final = """
select d.key_hi, d.key_lo, f.path, f.below, f.size, f.modified, f.reader, s.domain, s.clean, s.text_field,
       d.ordinal, d."offset", d.bytes,
       row_number() over (partition by d.key_hi, d.key_lo order by f.path, d.ordinal) as copy
from store.documents d
join incoming i on i.key_hi = d.key_hi and i.key_lo = d.key_lo
join store.files f using (file)
join store.sources s using (source)
where f.state <> 'staged'
order by f.path, d.ordinal
"""


def exact_similarities(catalog: Path, a: UInt64, b: UInt64) -> Float64:
    """Jaccard similarity of the shingle sets of each pair of texts, given by key; NaN where a text is gone.

    Texts are read from the files they were counted in; a file that changed counts as gone, unless the text
    is still in it. Pairs that hang together are read together, so that most texts are read once.
    """
    texts, _ = unique(np.concatenate([a, b]))
    pairs = np.column_stack([positions(texts, a), positions(texts, b)])
    places = _places(catalog, texts)
    size = np.zeros(len(texts), np.int64)
    size[places["text"]] = places["bytes"]
    similarity = np.full(len(pairs), np.nan)
    for chosen in _batches(pairs, size):
        wanted = np.unique(pairs[chosen])
        row, offsets, values = _shingles(places[places["text"].isin(wanted)], texts)
        rows = row[pairs[chosen]]
        there = (rows >= 0).all(axis=1)
        similarity[chosen[there]] = jaccard(offsets, values, rows[there])
    return similarity


def _places(catalog: Path, texts: UInt64) -> pd.DataFrame:
    """Every document that has one of the texts, with what is needed to read it; `text` is the text's index."""
    with reading(catalog) as connection:
        connection.register("incoming", pa.table({"key_hi": texts[:, 0], "key_lo": texts[:, 1]}))
        places = connection.execute(_PLACES).df()
    return places.assign(text=positions(texts, places[["key_hi", "key_lo"]].to_numpy(np.uint64)))


def _batches(pairs: Int64, size: Int64) -> Iterator[Int64]:
    """Indexes of pairs, those that hang together side by side, in batches of bounded text."""
    order = np.argsort(components(pairs, len(size))[pairs[:, 0]], kind="stable")
    begin, held, seen = 0, 0, set[int]()
    for end, (first, second) in enumerate(pairs[order].tolist()):
        held += sum(int(size[text]) for text in {first, second} - seen)
        seen |= {first, second}
        if held > _BATCH_BYTES and end > begin:
            yield order[begin:end]
            begin, seen = end, {first, second}
            held = int(size[first] + size[second])
    yield order[begin:]


def _shingles(places: pd.DataFrame, texts: UInt64) -> tuple[Int64, Int64, UInt64]:
    """Shingle sets of the texts at the places: row of each text (-1: not found), offsets and values of the rows."""
    row = np.full(len(texts), -1, np.int64)
    lengths, values = [np.zeros(1, np.int64)], [np.empty(0, np.uint64)]
    found = 0
    for copy in range(1, int(places["copy"].max() if len(places) else 0) + 1):
        here = places[(places["copy"] == copy) & (row[places["text"]] < 0)]
        for text in _texts(here):
            index = positions(texts, text_keys(text))
            index[row[index] >= 0] = -1
            _, first = np.unique(index, return_index=True)
            chosen = first[index[first] >= 0]
            if len(chosen):
                offsets, shingles = shingle_sets(text.take(pa.array(chosen)))
                row[index[chosen]] = np.arange(found, found + len(chosen))
                found += len(chosen)
                lengths.append(np.diff(offsets))
                values.append(shingles)
    return row, np.cumsum(np.concatenate(lengths)), np.concatenate(values)


def _texts(places: pd.DataFrame) -> Iterator[pa.LargeStringArray]:
    """The texts at the places as they were counted, small files together; what can't be read is left out."""
    waiting: list[pa.LargeStringArray] = []
    for _, rows in places.groupby(["domain", "clean"], sort=True):
        steps = cleaning_steps(ingester_of(rows["domain"].iloc[0]), rows["clean"].iloc[0])
        for text in _read(rows):
            waiting.append(text)
            if sum(array.nbytes for array in waiting) > _TOGETHER_BYTES:
                yield clean(pa.concat_arrays(waiting), steps)
                waiting = []
        if waiting:
            yield clean(pa.concat_arrays(waiting), steps)
            waiting = []


def _read(places: pd.DataFrame) -> Iterator[pa.LargeStringArray]:
    """The texts at the places as they stand in their files, file by file."""
    for path, rows in places.groupby("path", sort=True):
        below, size, modified, reader, text_field = rows.iloc[0][_FILE_COLUMNS]
        file = InputFile(str(path), below, int(size), modified)
        wanted = rows.drop_duplicates("ordinal")  # in order already
        offsets = None if wanted["offset"].isna().any() else wanted["offset"].to_numpy(np.int64)
        ordinals = wanted["ordinal"].to_numpy(np.int64)
        options = ReadOptions(text_field=text_field)
        yield from (batch.text for batch in read_ordinals(READERS.get(reader), file, options, ordinals, offsets))
