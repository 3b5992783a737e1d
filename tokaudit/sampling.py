"""A bounded sample of many files: some of each format and size, from everywhere, and what is read of them."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Final

from tokaudit.excerpts import WINDOW_BYTES, Piece, pieces
from tokaudit.readers._magic import compression_suffix
from tokaudit.records import ReadOptions
from tokaudit.selection import Selected

SAMPLE_BYTES: Final = 48_000_000
"""Text that is read at most, but for what a single record or page of a file holds."""
SAMPLE_SECONDS: Final = 2.0
SAMPLE_FILES: Final = 1_000
_BATCH_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Stratum:
    """Files that are alike, of one format and of sizes within a factor of four, and the pieces read of them."""

    files: Sequence[Selected]
    pieces: list[Piece]

    @property
    def stored(self) -> int:
        """Stored bytes of all files."""
        return sum(chosen.file.size for chosen in self.files)

    @property
    def exact(self) -> bool:
        """Whether every file was read to its end."""
        return len(self.pieces) == len(self.files) and self.whole

    @property
    def whole(self) -> bool:
        """Whether the files that were read were read to their end."""
        return all(piece.whole for piece in self.pieces)


def take_sample(selected: Sequence[Selected], text_field: str) -> list[Stratum]:
    """Read some of the files: at most about `SAMPLE_BYTES` of text in `SAMPLE_SECONDS`.

    Strata share the bytes by what is stored in them, and are read in turn, so that each is seen before time is up.
    Files of no bytes hold nothing, and are in no stratum.
    """
    strata = _strata(selected)
    stored = max(1, sum(stratum.stored for stratum in strata))
    turns = [
        ((stratum, piece) for piece in _spread(stratum, stratum.stored / stored, len(selected), text_field))
        for stratum in strata
    ]
    started = time.monotonic()
    for found in chain.from_iterable(zip_longest(*turns)):
        if found is None:
            continue
        stratum, piece = found
        stratum.pieces.append(piece)
        if time.monotonic() - started > SAMPLE_SECONDS and all(one.pieces for one in strata):
            break
    return strata


def _strata(selected: Sequence[Selected]) -> list[Stratum]:
    alike: dict[tuple[str, str, int], list[Selected]] = {}
    for chosen in selected:
        if chosen.file.size or chosen.reader == "hub":
            kind = (chosen.reader, compression_suffix(chosen.file.name), chosen.file.size.bit_length() // 2)
            alike.setdefault(kind, []).append(chosen)
    return [Stratum(files, []) for _, files in sorted(alike.items())]


def _spread(stratum: Stratum, share: float, all_files: int, text_field: str) -> Iterator[Piece]:
    """Pieces of files spread evenly over the stratum, in turn, with its share of the bytes and of the files."""
    budget = max(WINDOW_BYTES, int(SAMPLE_BYTES * share))
    files = int(max(4, SAMPLE_FILES * max(share, len(stratum.files) / all_files)))
    chosen = stratum.files[:: -(-len(stratum.files) // files)]
    options = ReadOptions(text_field, {}, min(_BATCH_BYTES, budget))
    each = max(WINDOW_BYTES, budget // len(chosen))
    held = 0.0
    for piece in chain.from_iterable(zip_longest(*(pieces(one, each, options) for one in chosen))):
        if piece is not None:
            yield piece
            held += piece.text_bytes
        if held >= budget:
            return
