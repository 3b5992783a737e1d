"""Folders that made other programs lose text, count too much or stop, as their users reported it in public.

The name of each case is the report: the repository on GitHub and the number of its issue.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from made.layouts import APPLE_DOUBLE, PNG, fields, lines, packed, parquet, tar, texts, write_folder
from made.samples import Run, ingested

A, B = texts("first"), texts("second", 2)
ITEMS = [json.dumps(each) for each in fields(A)]
LONG = "word " * 40_000
CUT = packed(lines(fields(texts("many", 99))))


@dataclass(frozen=True)
class Report:
    """A folder, and what an ingest that records bad records finds in it.

    Attributes:
        files: contents by path.
        documents: number of documents.
        bytes: UTF-8 bytes of their texts; None if the case is about something else.
        codes: code of each bad record -> how many.
        options: further options.
    """

    files: Mapping[str, bytes]
    documents: int
    bytes: int | None = None
    codes: Mapping[str, int] = field(default_factory=dict)
    options: tuple[str, ...] = ()


def size(found: list[str]) -> int:
    return sum(len(text.encode()) for text in found)


REPORTS = {
    "huggingface/datasets#6090": Report(
        {".hidden/x.jsonl": b"{}", ".a.jsonl": b"{}", "b.jsonl": lines(fields(A)), "c/d.jsonl": lines(fields(B))},
        5,
        size(A + B),
    ),
    "huggingface/datasets#7322": Report({"a.json": json.dumps(fields(A)).encode()}, 3, size(A)),
    "huggingface/datasets#629": Report({"a.json": json.dumps(fields([LONG] * 3)).encode()}, 3, 3 * len(LONG)),
    "hiyouga/LlamaFactory#8805": Report(
        {"a.jsonl": json.dumps(fields(A)).encode()}, 3, size(A), {}, ("--reader", "json")
    ),
    "THUDM/LongCite#11": Report({"a.jsonl": lines([[each] for each in fields(A)])}, 0, 0, {"malformed": 3}),
    "unslothai/unsloth#337": Report(
        {"a.jsonl": lines([{"conversations": [{"from": "human", "value": text} for text in A]}])},
        1,
        size(A) + 2,
        {},
        ("--text-field", "conversations[].value"),
    ),
    "huggingface/datatrove#341": Report(
        {"a.jsonl": lines([{"text": "x"}, {"id": 3}, {"text": "yz"}])}, 2, 3, {"no_text": 1}
    ),
    "duckdb/duckdb#16466": Report({"a.parquet": parquet(text=A), "._a.parquet": APPLE_DOUBLE}, 3, size(A)),
    "huggingface/lerobot#2568": Report({"e/f.parquet": parquet(text=A), "e/._f.parquet": APPLE_DOUBLE}, 3, size(A)),
    "PostHog/posthog#90036": Report({"a.jsonl.gz": b"".join(packed(lines([each])) for each in fields(A))}, 3, size(A)),
    "rust-lang/flate2-rs#23": Report(
        {"latest-all.json.gz": b"".join(map(packed, (b"[\n", ",\n".join(ITEMS).encode(), b"\n]\n")))}, 3, size(A)
    ),
    "sile/libflate#75": Report({"a.jsonl.gz": packed(lines(fields(A))) + b"not gzip"}, 3, size(A), {"corrupt": 1}),
    "zero padding after gzip": Report({"a.jsonl.gz": packed(lines(fields(A))) + bytes(512)}, 3, size(A)),
    "simonw/datasette-lite#84": Report({"a.csv": f"id,text\n1,{LONG}\n".encode()}, 1, len(LONG)),
    "uncharted-distil/distil#1864": Report({"a.csv": b'id,text\n1,"a\nb"\n2,"c\r\nd"\n'}, 2, 7),
    "apache/arrow#51368": Report({"a.csv": f'id,text\r\n0,"{"z" * 65_521}\r\nB"\r\n1,c\r\n'.encode()}, 2, 65_525),
    "apache/arrow#40912": Report(
        {"a.json": json.dumps([{"text": "é", "a": {}}, {"text": "x", "a": "other"}], indent=4).encode()}, 2, 3
    ),
    "mlfoundations/open_clip#480": Report(
        {"a.tar": tar({f"s{n}.{part}": b"text" for n in range(2) for part in ("outputs.txt", "jpg")})}, 2, 8
    ),
    "webdataset/webdataset#237": Report(
        {"a.tar": tar({"./1 Track 2.0 (Clean).txt": b"one", "22.05.txt": b"two", "22.05.png": PNG})}, 2, 6
    ),
    "pytorch/vision#2831": Report({".ipynb_checkpoints/a-checkpoint.txt": b"x", "a.txt": b"text"}, 1, 4),
    "capitalone/DataProfiler#105": Report(
        {"a.json": json.dumps({"data": fields(A)}).encode()}, 1, size(A) + 2, {}, ("--text-field", "data[].text")
    ),
    "pydantic/pydantic-ai#7159": Report({"a.jsonl.gz": CUT[: len(CUT) - 9]}, 99, None, {"cut": 1}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_what_was_reported_elsewhere_is_counted_or_said(run: Run, name: str) -> None:
    report = REPORTS[name]
    write_folder(Path("given"), report.files)
    asked = ("--domain", "web", "--on-bad-record", "skip", *report.options)
    result = ingested(run, "given", *asked, code=1 if report.codes else 0)
    found = [row["code"] for row in run("errors", "--format", "json").json["rows"]]

    assert result["documents"] == report.documents
    assert report.bytes in {None, result["bytes"]}
    assert {code: found.count(code) for code in found} == report.codes
    assert result["complete"] == (not report.codes)


def test_a_cut_file_is_cut_where_gzip_itself_says_so() -> None:
    with pytest.raises(EOFError):
        gzip.decompress(CUT[: len(CUT) - 9])
