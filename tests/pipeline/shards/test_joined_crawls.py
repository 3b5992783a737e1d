"""A crawl that is read in parts gives what it gives as a whole, whatever is in its pages and wherever it is damaged."""

import gzip
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.crawls import Page, html, info, packed, record, records
from made.samples import Run, ingested, text
from made.scenarios import answers
from made.vocabularies import byte_level

from tokaudit.pipeline.shards import joined
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats.warc import READER
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import PartEnd
from tokaudit.readers.unpack.limits import Limits
from tokaudit.readers.warc import cuts

SIZE = 1_000
OPTIONS = ReadOptions()


def page(seed: int, **given: Any) -> Page:
    """A page with a text of its own, at an address of its own."""
    return Page(html(text(seed, 30)), url=f"http://example.com/{seed}", **given)


TRICKS: list[Callable[[int], bytes]] = [
    lambda seed: b"".join(records([page(seed)])[1:]),
    lambda seed: b"".join(records([page(seed, status=404)], with_others=False)),
    lambda seed: record("resource", b"\r\n\r\n" + records([page(seed)])[2], [("Content-Type", "text/plain")]),
    lambda seed: record("resource", packed([info()]) + bytes(seed % 7), [("WARC-Target-URI", f"http://x/{seed}")]),
    lambda _: info(),
    lambda seed: record("response", b"no HTTP", [("WARC-Target-URI", f"http://y/{seed}")]),
]
"""Records of which some contain the start of a record, or of a gzip member with one, or have no address."""


def written(folder: Path, members: Sequence[bytes], *, gz: bool, damage: tuple[int, str] | None = None) -> InputFile:
    """A crawl of these records, damaged at a place."""
    data = packed(members) if gz else b"".join(members)
    if damage is not None:
        place, how = damage[0] % len(data), damage[1]
        changed = bytes([data[place] ^ 0x55])
        data = data[:place] if how == "cut" else data[:place] + changed + data[place + 1 :]
    path = folder / ("a.warc.gz" if gz else "a.warc")
    path.write_bytes(data)
    return InputFile(str(path), path.name, len(data), "1")


def as_a_whole(file: InputFile, options: ReadOptions = OPTIONS) -> tuple[list[Any], list[Any]]:
    """What the file has: documents and bad records, and what is left out."""
    return sorted_out(READER.read(file, options))


def sorted_out(found: Any, records: int = 0, offset: int = 0) -> tuple[list[Any], list[Any]]:
    """Documents and bad records as rows, in order, and what is left out."""
    rows: list[Any] = []
    left_out: list[Any] = []
    for each in found:
        match type(each).__name__:
            case "PageBatch":
                places = zip(each.ordinal.tolist(), each.offset.to_pylist(), each.pages.to_pylist(), strict=True)
                rows += [(ordinal + records, at + offset, body) for ordinal, at, body in places]
            case "TextBatch":
                places = zip(each.ordinal.tolist(), each.offset.to_pylist(), each.text.to_pylist(), strict=True)
                rows += [(ordinal + records, at + offset, body) for ordinal, at, body in places]
            case "BadRecord" if each.ordinal is not None:
                rows.append((each.ordinal + records, each.offset + offset, each.code))
            case "BadRecord":
                rows.append((None, None, each.code))
            case "Omitted":
                left_out.append(each)
            case _:
                left_out.append(each)
    return sorted(rows, key=lambda row: (row[0] is None, row[0])), left_out


def in_parts(file: InputFile, options: ReadOptions = OPTIONS) -> list[Any] | None:
    """The rows of all parts, in their places; None if it is not sure that each begins with a record."""
    rows: list[Any] = []
    records = offset = 0
    for part in READER.parts(file, options, SIZE):
        found, others = sorted_out(READER.read_part(file, options, part), records, offset)
        end = others[-1] if others else None
        if not isinstance(end, PartEnd) or not end.sure:
            return None
        rows += found
        records, offset = records + end.records, offset + end.bytes
    return rows


members = st.lists(st.tuples(st.sampled_from(range(len(TRICKS))), st.integers(0, 99)), min_size=4, max_size=12)
damages = st.none() | st.tuples(st.integers(0, 1 << 20), st.sampled_from(["cut", "changed"]))


@settings(max_examples=60)
@given(members, st.booleans(), damages)
def test_parts_that_are_sure_give_what_the_file_gives(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[int, int]], gz: bool, damage: tuple[int, str] | None
) -> None:
    made = [TRICKS[number](seed) for number, seed in chosen]
    file = written(tmp_path_factory.mktemp("crawl"), [info(), *made], gz=gz, damage=damage)
    found = in_parts(file)

    if READER.parts(file, OPTIONS, SIZE) and found is not None:
        assert found == as_a_whole(file)[0]


@pytest.mark.parametrize("gz", [False, True])
def test_a_crawl_without_damage_is_read_in_parts(tmp_path: Path, gz: bool) -> None:
    file = written(tmp_path, records(map(page, range(30))), gz=gz)

    assert len(READER.parts(file, OPTIONS, SIZE)) > 5
    assert in_parts(file) == as_a_whole(file)[0]


@pytest.mark.parametrize("gz", [False, True])
@pytest.mark.parametrize("missed", [b"", b"x"])
@pytest.mark.parametrize("breaks", [58, 59, 60, 61, 62, 63, 64, 65])
def test_many_breaks_before_a_cut_mean_what_they_mean_elsewhere(
    tmp_path: Path, breaks: int, missed: bytes, gz: bool
) -> None:
    found = records(map(page, range(8)), with_others=False)
    for number in (2, 3):  # one of them is the last of its part
        found[number] = found[number][:-4] + missed + (breaks - 4) * b"\n" + b"\r\n\r\n"
    file = written(tmp_path, [info(), *found], gz=gz)

    assert len(READER.parts(file, OPTIONS, SIZE)) > 2
    assert in_parts(file) == as_a_whole(file)[0]


@pytest.mark.parametrize("gz", [False, True])
def test_a_part_that_is_denser_than_its_file_is_not_sure(tmp_path: Path, gz: bool) -> None:
    options = ReadOptions(limits=Limits(ratio=20, ratio_from=200_000))
    body = gzip.compress(html("word " * 20_000))
    dense = [Page(body, f"http://example.com/{seed}", http=[("Content-Encoding", "gzip")]) for seed in range(4)]
    noise = record("resource", random.Random(1).randbytes(200_000), [("WARC-Target-URI", "http://x/")])
    file = written(tmp_path, [info(), noise, *records(dense, with_others=False)], gz=gz)

    assert len(READER.parts(file, options, SIZE)) > 1
    assert len(as_a_whole(file, options)[0]) == 4
    assert in_parts(file, options) is None


def test_a_file_that_is_one_member_has_one_part(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(b"".join(records(map(page, range(30))))))
    file = InputFile(str(path), path.name, path.stat().st_size, "1")

    assert len(READER.parts(file, OPTIONS, SIZE)) == 1


def test_a_crawl_of_another_compression_or_format_has_no_parts(tmp_path: Path) -> None:
    import zstandard  # noqa: PLC0415 - only here

    path = tmp_path / "a.warc.zst"
    path.write_bytes(zstandard.compress(b"".join(records(map(page, range(30))))))
    (tmp_path / "a.arc").write_bytes(b"filedesc://x 192.0.2.1 20260101000000 text/plain 2\n1 \n\n" * 99)

    for name in ("a.warc.zst", "a.arc", "missing.warc"):
        assert not READER.parts(InputFile(str(tmp_path / name), name, 5_000, "1"), OPTIONS, SIZE)


def test_a_search_for_a_start_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "_SEARCHED", 1 << 20)
    monkeypatch.setattr(cuts, "_STEP", 1 << 16)
    long = record("resource", bytes(3 << 20), [("WARC-Target-URI", "http://x/")])
    file = written(tmp_path, [info(), long, info()], gz=False)

    assert list(cuts.seeming_starts(file, 1_500_000)) == [0, file.size - len(info())]


@pytest.fixture
def crawls(tmp_path: Path) -> Path:
    """Crawls in many parts: without damage, with a page that contains records, and with a flipped bit."""
    folder = tmp_path / "crawls"
    folder.mkdir()
    byte_level().save(str(tmp_path / "tokenizer.json"))
    chance = random.Random(3)
    found = records(map(page, range(40)))
    (folder / "a.warc.gz").write_bytes(2 * packed(found))
    (folder / "b.warc").write_bytes(b"".join(records(map(page, range(20, 60)))))
    (folder / "c.warc").write_bytes(b"".join(TRICKS[2](seed) for seed in range(40)))
    damaged = bytearray(packed(found))
    damaged[chance.randrange(len(damaged) // 2, len(damaged))] ^= 0x55
    (folder / "d.warc.gz").write_bytes(damaged)
    return folder


@pytest.mark.slow
def test_every_view_is_as_if_crawls_had_been_read_in_one_piece(
    run: Run, crawls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.pipeline.shards.cut.SHARD_BYTES", 2_000)
    sure: list[bool] = []
    are_sure = joined._are_sure  # noqa: SLF001 - which way was taken

    def noted(*given: Any) -> bool:
        sure.append(are_sure(*given))
        return sure[-1]

    monkeypatch.setattr(joined, "_are_sure", noted)
    options = (crawls, "--domain", "web", "--on-bad-record", "skip", "--tokenizer", crawls.parent / "tokenizer.json")
    ingested(run, *options, "--catalog", "whole.duckdb", code=1)
    ingested(run, *options, "--catalog", "parts.duckdb", "--work", "w", code=1)

    assert answers(Path("parts.duckdb")) == answers(Path("whole.duckdb"))
    assert sure == [True, True, False, False]  # the first has information on itself, without an address, in the middle
