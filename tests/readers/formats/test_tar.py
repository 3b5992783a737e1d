"""Tar archives: every member is counted, left out by a rule or a bad record, and no cut goes unseen."""

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.ingesters.domains import ingester_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reread import read_ordinals
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

TAR = READERS.get("tar")


def member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, **more: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.type = len(data), kind
    for key, value in more.items():
        setattr(info, key, value)
    return info, data


def tar(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=form) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return sink.getvalue()


def texts(*named: tuple[str, str]) -> bytes:
    return tar(*(member(name, text.encode()) for name, text in named))


SMALL = texts(("a.txt", "first"), ("b/c.md", "second"), ("d.txt", "third"))


@pytest.mark.slow
@pytest.mark.parametrize("more", [0, 5_000_000])
def test_arrow_files_in_an_archive_are_read_like_others(stored: Stored, seen: Seen, more: int) -> None:
    table = pa.table({"text": ["first", "second" + " more" * (more // 5)]})
    sinks = [io.BytesIO(), io.BytesIO()]
    for sink, new in zip(sinks, (pa.ipc.new_file, pa.ipc.new_stream), strict=True):
        with new(sink, table.schema) as writer:
            writer.write_table(table)
    file, stream = (sink.getvalue() for sink in sinks)

    found = seen(stored("a.tar.gz", gzip.compress(tar(member("a.arrow", file), member("b.arrows", stream)))), "tar")

    assert (found.texts, found.bad) == (table["text"].to_pylist() * 2, [])


@settings(max_examples=60, deadline=None)
@given(
    named=st.lists(st.tuples(st.sampled_from("abcd"), st.text(st.characters(exclude_characters="\0"), max_size=700))),
    form=st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    most=st.sampled_from([1, 2, 10, 1000]),
)
def test_every_text_of_an_archive_is_read_in_order(
    *, stored: Stored, seen: Seen, named: list[tuple[str, str]], form: int, most: int
) -> None:
    kept = []
    for name, text in named:
        try:
            kept.append((name, text.encode()))
        except UnicodeEncodeError:
            continue
    data = tar(*(member(f"{name}.txt", text) for name, text in kept), form=form)

    found = seen(stored("a.tar", data), "tar", batch_documents=most)

    wanted = [text for _, text in kept if text]
    assert [text.encode() for text in found.texts] == wanted
    assert [data[at : at + len(text)] for at, text in zip(found.offsets, wanted, strict=True)] == wanted
    assert all(len(batch) <= most for batch in found.batches)
    assert not found.bad


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.tar", bytes),
        ("a.tar.gz", gzip.compress),
        ("a.tgz", gzip.compress),
        ("a.tbz2", bz2.compress),
        ("a.txz", lzma.compress),
        ("a.tar", gzip.compress),
        ("a.tar.gz", bytes),
    ],
)
def test_an_archive_may_be_compressed_whatever_its_name(
    *, stored: Stored, seen: Seen, name: str, pack: Callable[[bytes], bytes]
) -> None:
    file = stored(name, pack(SMALL))

    found = seen(file, "tar")

    assert (found.texts, found.ordinals, found.bad) == (["first", "second", "third"], [0, 1, 2], [])
    assert found.offsets == seen(stored("a.tar", SMALL), "tar").offsets
    assert TAR.is_checked(file) == (pack is not bytes)


def test_records_of_members_have_one_order_and_their_places(stored: Stored, seen: Seen) -> None:
    lines = b'{"text":"x","n":1}\nbad\n{"text":"y","n":2}\n'
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["p", None, "q"]}), sink)
    data = tar(
        member("a.txt", b"a"),
        member("b.jsonl", lines),
        member("c.jsonl.gz", gzip.compress(lines)),
        member("d.parquet", sink.getvalue()),
        member("e.json", b'{"text": "j",\n "n": 5}'),
        member("f.txt", b"\xff"),
        member("g.txt", b"g"),
    )

    found = seen(stored("a.tar", data), "tar", labels={"n": "n"})

    assert found.texts == ["a", "x", "y", "x", "y", "p", "q", "j", "g"]
    assert found.ordinals == [0, 1, 3, 4, 6, 7, 9, 10, 12]
    assert found.codes == [(2, "malformed"), (5, "malformed"), (8, "null_text"), (11, "encoding")]
    assert found.bad[0].why.startswith("b.jsonl: line 2: ")
    assert found.labels["n"] == [None, "1", "2", "1", "2", None, None, "5", None]
    at = data.index(lines)
    assert found.offsets[1:5] == [at, at + lines.rindex(b"{"), None, None]
    assert found.bad[0].offset == at + lines.index(b"bad")
    assert found.text_fields == {None, "text"}


def test_a_colon_in_the_name_of_a_member_or_archive_hides_nothing(stored: Stored, seen: Seen) -> None:
    data = texts(("a::b.txt", "colons"), ("c/s3::d.jsonl", '{"text":"line"}\n'))
    file = InputFile("zip://x.tar::s3://bucket/y.zip", "x.tar", len(data), "", data=data)

    assert seen(file, "tar").texts == seen(stored("a.tar", data), "tar").texts == ["colons", "line"]


@pytest.mark.slow
def test_arrow_members_are_read_within_the_limits_of_the_archive(stored: Stored, seen: Seen) -> None:
    sink = io.BytesIO()
    rows = pa.table({"text": ["p", "q"]})
    with pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)
    data = tar(member("a.arrow", sink.getvalue()), member("b.arrow.gz", gzip.compress(sink.getvalue())))

    found = seen(stored("a.tar", data), "tar")
    assert (found.texts, found.ordinals, found.bad) == (["p", "q", "p", "q"], [0, 1, 2, 3], [])
    found = seen(stored("a.tar", data), "tar", limits=Limits(total=200))
    assert found.codes == [(2, "too_large")]


def test_a_webdataset_gives_one_document_per_sample(stored: Stored, seen: Seen) -> None:
    shard = []
    for n in range(5):
        meta = json.dumps({"url": f"http://example.org/{n}"}).encode()
        parts = [(".json", meta), (".txt", b"caption %d" % n), (".jpg", b"\xff\xd8\0"), (".cls", b"3")]
        shard += [member(f"{n:06}{end}", data) for end, data in (parts if n % 2 else parts[::-1])]
    shard += [member("9.json", b'{"text": "alone"}'), member("10.json", b'{"url": "no text"}')]

    found = seen(stored("a.tar", tar(*shard)), "tar")

    assert found.texts == [*(f"caption {n}" for n in range(5)), "alone"]
    assert found.codes == [(6, "no_text")]
    assert {(each.rule, each.suffix): each.number for each in found.omitted} == {
        ("about_data", ".json"): 5,
        ("binary", ".jpg"): 5,
        ("unclaimed", ".cls"): 5,
    }


def test_members_that_are_not_files_are_left_out_by_rule(stored: Stored, seen: Seen) -> None:
    data = tar(
        member("folder", kind=tarfile.DIRTYPE),
        member("link.txt", kind=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("hard.txt", kind=tarfile.LNKTYPE, linkname="a.txt"),
        member("device", kind=tarfile.CHRTYPE),
        member("pipe", kind=tarfile.FIFOTYPE),
        member(".hidden/a.txt", b"h"),
        member("__MACOSX/._a.txt", b"h"),
        member("./x/.git/config.txt", b"v"),
        member("./a.txt", b"a"),
        member("noise.bin", b"\0"),
    )

    found = seen(stored("a.tar", data), "tar")

    assert found.texts == ["a"]
    rules: dict[str, int] = {}
    for each in found.omitted:
        rules[each.rule] = rules.get(each.rule, 0) + each.number
    assert rules == {"link": 2, "special": 2, "hidden": 2, "vcs": 1, "binary": 1}


@pytest.mark.parametrize("name", ["/etc/passwd.txt", "../a.txt", "a/../../b.txt", "C:\\a.txt", "..\\a.txt", "a/.."])
def test_an_unsafe_name_is_a_bad_record_and_the_others_count(stored: Stored, seen: Seen, name: str) -> None:
    found = seen(stored("a.tar", tar(member("a.txt", b"a"), member(name, b"x"), member("b.txt", b"b"))), "tar")

    assert (found.texts, found.ordinals, found.codes) == (["a", "b"], [0, 2], [(1, "unsafe_name")])


def test_an_archive_in_an_archive_is_a_bad_record(stored: Stored, seen: Seen) -> None:
    data = tar(
        member("in.tar.gz", gzip.compress(SMALL)), member("in.zip", b"PK\x05\x06" + bytes(18)), member("a.txt", b"a")
    )

    found = seen(stored("a.tar", data), "tar")

    assert (found.texts, found.codes) == (["a"], [(0, "nested_archive"), (1, "nested_archive")])


def test_members_of_one_name_both_count(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.tar", texts(("a.txt", "old"), ("a.txt", "new"))), "tar").texts == ["old", "new"]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_odd_names_are_read(stored: Stored, seen: Seen, form: int) -> None:
    long = "folder/" * 60 + "name\u00e9.txt"

    found = seen(stored("a.tar", tar(member(long, b"a"), member("b.txt", b"b"), form=form)), "tar")

    assert found.texts == ["a", "b"]


def test_a_name_that_is_not_utf8_is_escaped_in_messages(stored: Stored, seen: Seen) -> None:
    data = texts(("caf\u00e9\nx.txt", "\x01")).replace(b"first", b"first")
    info, _ = member("cafX\n.txt", b"a\xff")
    raw = tar((info, b"a\xff"), form=tarfile.USTAR_FORMAT)
    block = bytearray(raw)
    block[3] = 0xE9
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:512]) + 8 * 32)

    found = seen(stored("a.tar", bytes(block)), "tar")

    assert found.codes == [(0, "encoding")]
    assert found.bad[0].why.startswith("caf\\xe9\\n.txt: ")
    assert seen(stored("a.tar", data), "tar").texts == ["\x01"]


def test_archives_may_follow_each_other_and_end_in_zeros(stored: Stored, seen: Seen) -> None:
    data = SMALL + texts(("e.txt", "fourth")) + bytes(100_000)

    assert seen(stored("a.tar", data), "tar").texts == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("tail", [b"x" * 600, b"x"])
def test_other_bytes_after_the_end_are_noticed(
    *, stored: Stored, seen: Seen, pack: Callable[[bytes], bytes], tail: bytes
) -> None:
    found = seen(stored("a.tar", pack(SMALL + tail)), "tar")

    assert found.texts == ["first", "second", "third"]
    assert found.refused in {"corrupt", "cut"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_cut_at_any_byte_before_the_end_is_noticed(
    *, stored: Stored, seen: Seen, pack: Callable[[bytes], bytes]
) -> None:
    for end in range(0, 3 * 1024 + 512, 64):
        found = seen(stored("a.tar", pack(SMALL[:end])), "tar")
        whole = end >= 3 * 1024 + 512
        assert found.refused == (None if whole else "cut"), end
        assert found.texts == ["first", "second", "third"][: sum(end >= 1024 * n + 512 + 64 for n in range(3))], end


def test_lines_before_a_cut_in_a_member_are_read(stored: Stored, seen: Seen) -> None:
    lines = b"".join(b'{"text":"%d"}\n' % n for n in range(1000))
    data = tar(member("a.jsonl", lines))[:8000]

    found = seen(stored("a.tar", data), "tar")

    assert found.refused == "cut"
    assert found.texts == [str(n) for n in range(len(found.texts))] or not found.texts


def test_sparse_members_are_read_unless_they_have_holes(stored: Stored, seen: Seen) -> None:
    def sparse(version: str, content: bytes, size: int) -> tuple[tarfile.TarInfo, bytes]:
        if version == "1.0":
            head = b"1\n0\n%d\n" % len(content)
            data = head.ljust(512, b"\0") + content
            pax = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(size)}
        else:
            data = content
            pax = {"GNU.sparse.size": str(size), "GNU.sparse.map": f"0,{len(content)}"}
        return member("GNUSparseFile.0/x", data, pax_headers={**pax, "GNU.sparse.name": f"{version}.txt"})

    data = tar(
        sparse("1.0", b"whole 1.0", 9),
        sparse("0.1", b"whole 0.1", 9),
        sparse("1.0", b"hole", 5000),
        sparse("0.1", b"hole", 5000),
        member("a.txt", b"after"),
    )

    found = seen(stored("a.tar", data), "tar")

    assert found.texts == ["whole 1.0", "whole 0.1", "after"]
    assert [(each.rule, each.number) for each in found.omitted] == [("binary", 2)]


def test_a_member_longer_than_a_record_may_be_is_a_bad_record(stored: Stored, seen: Seen) -> None:
    data = texts(("a.txt", "a"), ("b.txt", "b" * 100), ("c.txt", "c"))

    found = seen(stored("a.tar", data), "tar", limits=Limits(record=50))

    assert (found.texts, found.codes) == (["a", "c"], [(1, "too_large")])


def test_a_large_member_is_read_as_a_stream(stored: Stored, seen: Seen) -> None:
    lines = b"".join(b'{"text":"%s %d"}\n' % (b"x" * 1000, n) for n in range(6000))
    book = b"y" * 5_000_000
    data = tar(member("a.jsonl", lines), member("b.txt", book), member("c.unknown", book), member("d.txt", b"d"))

    for pack in (bytes, gzip.compress):
        found = seen(stored("a.tar", pack(data)), "tar")

        assert len(found.texts) == 6002
        assert found.texts[-2:] == [book.decode(), "d"]
        assert [each.suffix for each in found.omitted] == [".unknown"]


def test_a_bomb_in_an_archive_is_refused(stored: Stored, seen: Seen) -> None:
    bomb = gzip.compress(b'{"text":"a"}\n' * 500_000, mtime=0)
    data = tar(member("a.txt", b"a"), *(member(f"{n}.jsonl.gz", bomb) for n in range(3)))

    found = seen(stored("a.tar", data), "tar", limits=Limits(ratio=100, ratio_from=10_000_000))

    assert found.texts[0] == "a"
    assert len(found.texts) < 1_500_000
    assert "too_large" in {bad.code for bad in found.bad}


def test_more_members_than_allowed_are_refused(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.tar", SMALL), "tar", limits=Limits(members=2))

    assert (found.texts, found.refused) == (["first", "second"], "too_large")
    assert "--limit members=NUMBER" in found.bad[-1].why


def test_what_is_left_out_is_summed_in_bounded_memory(stored: Stored, seen: Seen) -> None:
    data = tar(*(member(f"a.u{n}", b"\0") for n in range(1200)))

    found = seen(stored("a.tar", data), "tar")

    assert sum(each.number for each in found.omitted) == 1200
    assert len(found.omitted) <= 1001


def test_a_source_tree_is_read_as_its_ingester_says(stored: Stored, seen: Seen) -> None:
    data = tar(
        member("p/a.py", b"print(1)\n"),
        member("p/README.md", b"# p\n"),
        member("p/data.json", b'{"n": 1}'),
        member("p/logo.png", b"\x89PNG\0"),
        member("p/.editorconfig", b"root = true\n"),
    )

    found = seen(stored("a.tar.gz", gzip.compress(data)), "tar", members=ingester_of("code"))

    assert found.texts[:2] == ["print(1)\n", "# p\n"]
    assert found.labels["language"][:2] == ["python", "markdown"]
    assert len(found.batches) == 1


@settings(max_examples=40, deadline=None)
@given(wanted=st.sets(st.integers(0, 11)), packed=st.booleans(), known=st.booleans())
def test_exactly_the_wanted_records_are_read_again(
    *, stored: Stored, seen: Seen, wanted: set[int], packed: bool, known: bool
) -> None:
    lines = b"".join(b'{"text":"line %d"}\n' % n for n in range(5))
    parts = [("a.txt", b"a"), ("b.jsonl", lines), ("c.txt", b"\xff"), ("d.json", b'{"text":"d"}'), ("e.txt", b"e")]
    data = tar(*(member(*part) for part in parts), member(".f.txt", b"f"), member("g.txt", b"g"))
    file = stored("a.tar", gzip.compress(data) if packed else data)
    first = seen(file, "tar")
    places = {n: (at, text) for n, at, text in zip(first.ordinals, first.offsets, first.texts, strict=True)}
    ordinals = np.array(sorted(wanted & places.keys()), np.int64)
    offsets = np.array([places[n][0] for n in ordinals.tolist()], np.int64) if known else None

    found = list(read_ordinals(TAR, file, ReadOptions(), ordinals, offsets))

    again = {n: text for batch in found for n, text in zip(batch.ordinal.tolist(), batch.text.to_pylist(), strict=True)}
    assert again == {n: places[n][1] for n in ordinals.tolist()}


def test_members_between_the_wanted_records_are_not_read(stored: Stored) -> None:
    spoilt = texts(("a.txt", "a"), ("b.txt", "b"), ("c.txt", "c")).replace(b"b\0", b"\xff\0")
    places = np.array([512, 2560])

    found = list(TAR.pick(stored("a.tar", spoilt), ReadOptions(), np.array([0, 2]), places))  # type: ignore[attr-defined]

    assert [each.text.to_pylist() for each in found if isinstance(each, TextBatch)] == [["a", "c"]]
    assert not [each for each in found if isinstance(each, BadRecord)]


def test_an_archive_is_known_by_its_first_block() -> None:
    assert TAR.begins(SMALL[:1000], whole=False)
    assert not TAR.begins(SMALL[:200], whole=True)
    assert not TAR.begins(b"x" + SMALL[1:], whole=False)


@pytest.mark.slow
def test_a_million_empty_members_take_seconds(stored: Stored, seen: Seen) -> None:
    block, _ = tar(member("empty.txt"))[:512], None
    data = gzip.compress(block * 200_000 + bytes(1024), 1)

    found = seen(stored("a.tar.gz", data), "tar")

    assert (found.texts, found.bad) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damage_never_raises_and_check_sums_notice_it(
    stored: Stored, seen: Seen, pack: Callable[[bytes], bytes]
) -> None:
    data = pack(texts(*((f"{n}.txt", f"text {n} " * 50) for n in range(20))))
    right = seen(stored("a.tar", data), "tar").texts
    chance = random.Random(0)

    for _ in range(120):
        spoilt = bytearray(data)
        spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        found = seen(stored("a.tar", bytes(spoilt)), "tar")
        if pack is not bytes:
            assert found.bad or found.texts == right
        cut = seen(stored("a.tar", data[: chance.randrange(len(data))]), "tar")
        assert cut.refused or cut.texts == right


@pytest.mark.parametrize("exponent", [44, 60, 63, 64, 80])
@pytest.mark.parametrize(("name", "kind"), [("b.txt", b"0"), (".b", b"0"), ("b.mp4", b"0"), ("b", b"V")])
@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
def test_a_size_that_no_file_has_is_added_to_nothing(
    *, stored: Stored, seen: Seen, exponent: int, name: str, kind: bytes, suffix: str
) -> None:
    header = tarfile.TarInfo(name)
    header.size, header.type = 1 << exponent, kind
    data = SMALL[:1024] + header.tobuf(tarfile.GNU_FORMAT) + b"text"

    found = seen(stored(f"a{suffix}", gzip.compress(data) if suffix == ".tar.gz" else data), "tar")

    assert (found.texts, found.refused) == (["first"], "too_large" if suffix == ".tar.gz" else "cut")
    assert found.omitted == []


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_long_name_that_is_cut_at_a_slash_is_not_a_folder(stored: Stored, seen: Seen, form: int) -> None:
    folder = "f" * 99 + "/"
    data = tar(member(folder + "a" * 99 + ".txt", b"text"), member(folder + "a" * 99 + ".jsonl.gz"), form=form)

    found = seen(stored("a.tar", data), "tar")

    assert (found.texts, found.codes) == (["text"], [(1, "cut")])


def test_a_member_with_content_is_not_a_folder_whatever_its_name(stored: Stored, seen: Seen) -> None:
    data = bytearray(texts(("a.txt", "first"), ("b.txt", "second")))
    header = memoryview(data)[1024:1536]
    header[:6] = b"b.txt/"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    del header

    assert seen(stored("a.tar", bytes(data)), "tar").texts == ["first", "second"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [tarfile.XGLTYPE, tarfile.XHDTYPE])
def test_pax_records_that_mean_nothing_are_not_kept(stored: Stored, seen: Seen, kind: bytes) -> None:
    archive = b""
    for letter in b"abcdefgh":
        records = b"".join(b"80 %c%06d=%s\n" % (letter, n, b"v" * 68) for n in range(10_000))
        archive += member("pax", records, kind)[0].tobuf() + records + bytes(-len(records) % 512)
    file = stored("a.tar", archive + SMALL)
    tracemalloc.start()

    found = seen(file, "tar")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.texts, found.bad) == (["first", "second", "third"], [])
    assert peak < 8_000_000
