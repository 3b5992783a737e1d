"""``tokaudit ingest`` of folders as other programs write them: all texts count, and the rest is listed by rule."""

import json
from pathlib import Path

import pytest
import zstandard
from made.layouts import (
    APPLE_DOUBLE,
    PDF,
    PNG,
    Layout,
    fields,
    lines,
    notebook,
    packed,
    parquet,
    tar,
    texts,
    write_folder,
    zipped,
)
from made.samples import Run, ingested

A, B, C = texts("first"), texts("second", 5), texts("third", 2)
CODE = ("--domain", "code")
METADATA = b'{"version": 1}'
CSV = b'id,text,stars\r\n1,"line one\r\nline two, with a comma",5\r\n2,"says ""hi""\n\nthere",4\r\n3,plain,3\r\n'
REVIEWS = ["line one\r\nline two, with a comma", 'says "hi"\n\nthere', "plain"]
TREE = {
    "repo-main/README.md": b"# A repository\n",
    "repo-main/LICENSE": b"MIT License\n",
    "repo-main/src/a.py": b"print(1)\n",
    "repo-main/.github/workflows/ci.yml": b"on: push\n",
    "repo-main/src/logo.png": PNG,
}
SOURCES = [content.decode() for name, content in TREE.items() if not name.endswith(".png")]
ALPACA = [{"instruction": "Name a colour.", "input": "", "output": "Blue, which is the colour of the sky."}]

LAYOUTS = {
    "wikiextractor": Layout(
        {"AA/wiki_00": lines(fields(A, title="t")), "AA/wiki_01": lines(fields(B)), "AB/wiki_00": lines(fields(C))},
        [*A, *B, *C],
        unchecked=3,
    ),
    "Spark": Layout(
        {
            "_SUCCESS": b"",
            "._SUCCESS.crc": b"crc\0",
            "part-00000-4f-c000.json.gz": packed(lines(fields(A))),
            ".part-00000-4f-c000.json.gz.crc": b"crc\0\1",
            "part-00001-4f-c000.json.gz": packed(lines(fields(B))),
        },
        [*A, *B],
        {("hidden", ""): ["_SUCCESS"], ("hidden", ".crc"): ["._SUCCESS.crc", ".part-00000-4f-c000.json.gz.crc"]},
    ),
    "Delta table": Layout(
        {
            "_delta_log/00000000000000000000.json": b'{"commitInfo": {}}\n{"add": {}}\n',
            "_delta_log/00000000000000000010.checkpoint.parquet": parquet(text=["not a text of the table"]),
            "_delta_log/_last_checkpoint": b"{}",
            "part-00000.snappy.parquet": parquet(id=[1, 2, 3], text=A),
            "part-00001.snappy.parquet": parquet(id=[4, 5], text=C),
        },
        [*A, *C],
        {
            ("hidden", ""): ["_delta_log/_last_checkpoint"],
            ("hidden", ".json"): ["_delta_log/00000000000000000000.json"],
            ("hidden", ".parquet"): ["_delta_log/00000000000000000010.checkpoint.parquet"],
        },
        unchecked=2,
    ),
    "Hive partitions": Layout(
        {"date=2024-01-01/p.parquet": parquet(text=A), "date=2024-01-02/p.parquet": parquet(text=B)},
        [*A, *B],
        unchecked=2,
    ),
    "Hugging Face repository": Layout(
        {
            "README.md": b"---\nlicense: mit\n---\n# Card\n",
            "LICENSE": b"MIT\n",
            ".gitattributes": b"*.parquet filter=lfs\n",
            "dataset_infos.json": json.dumps({"default": {"features": {}}}, indent=2).encode(),
            "data/train-00000-of-00002.parquet": parquet(text=A),
            "data/train-00001-of-00002.parquet": parquet(text=B),
            ".cache/huggingface/download/data/train-00000-of-00002.parquet.metadata": b"etag\n",
        },
        [*A, *B],
        {
            ("about_data", ""): ["LICENSE"],
            ("about_data", ".json"): ["dataset_infos.json"],
            ("about_data", ".md"): ["README.md"],
            ("hidden", ""): [".gitattributes"],
            ("hidden", ".metadata"): [".cache/huggingface/download/data/train-00000-of-00002.parquet.metadata"],
        },
        unchecked=2,
    ),
    "Dolma": Layout(
        {
            "documents/0.jsonl.gz": packed(lines(fields(A, source="s"))),
            "documents/1.jsonl.gz": packed(lines(fields(C, source="s"))),
            "attributes/tagger/0.jsonl.gz": packed(lines([{"id": "0", "attributes": {"a": [[0, 1, 0.5]]}}])),
            "stats.json": METADATA,
        },
        [*A, *C],
        {("about_data", ".json"): ["stats.json"], ("about_data", ".jsonl.gz"): ["attributes/tagger/0.jsonl.gz"]},
    ),
    "RedPajama": Layout({"2023-06/0000/en_head.json.gz": packed(lines(fields(A, "raw_content")))}, A),
    "The Stack": Layout(
        {
            "data/python/0.parquet": parquet(content=A, lang=["Python"] * 3, max_stars_repo_name=["a/b"] * 3),
            "data/rust/0.parquet": parquet(content=C, lang=["Rust"] * 2, max_stars_repo_name=["a/b"] * 2),
        },
        [*A, *C],
        options=CODE,
        unchecked=2,
    ),
    "FineWeb": Layout(
        {"sample/10BT/000_00000.parquet": parquet(text=A, url=["u"] * 3, language_score=[0.9] * 3)}, A, unchecked=1
    ),
    "chats": Layout(
        {"a.jsonl": lines([{"messages": [{"role": "user", "content": text} for text in A]}])},
        ["\n".join(A)],
        options=("--domain", "web", "--text-field", "messages[].content"),
        unchecked=1,
    ),
    "texts in lists": Layout(
        {"a.jsonl": lines([{"text": A}, {"text": C}])},
        ["\n".join(A), "\n".join(C)],
        options=("--domain", "web", "--text-field", "text[]"),
        unchecked=1,
    ),
    "JSON arrays": Layout(
        {"a.json": json.dumps(fields(A)).encode(), "b.json": json.dumps(fields(B), indent=2).encode()},
        [*A, *B],
        unchecked=2,
    ),
    "one pretty-printed object per file": Layout(
        {
            **{f"{place}.json": json.dumps({"text": text}, indent=2).encode() for place, text in enumerate(A)},
            "metadata.json": METADATA,
        },
        A,
        {("unclaimed", ".json"): ["metadata.json"]},
        code=1,
        unchecked=3,
    ),
    "instructions": Layout(
        {"alpaca_data.json": json.dumps(ALPACA, indent=2).encode()},
        [str(each["output"]) for each in ALPACA],
        options=("--domain", "web", "--text-field", "output"),
        unchecked=1,
    ),
    "reviews": Layout(
        {"a.csv": CSV, "b.tsv": b"id\ttext\n1\tone, two\n2\tthree\n"},
        [*REVIEWS, "one, two", "three"],
        unchecked=2,
    ),
    "macOS": Layout(
        {
            "a.jsonl": lines(fields(A)),
            "._a.jsonl": APPLE_DOUBLE,
            "b.parquet": parquet(text=C),
            "._b.parquet": APPLE_DOUBLE,
            ".DS_Store": b"\0\0\0\1Bud1",
        },
        [*A, *C],
        {("hidden", ""): [".DS_Store"], ("hidden", ".jsonl"): ["._a.jsonl"], ("hidden", ".parquet"): ["._b.parquet"]},
        unchecked=2,
    ),
    "Jupyter": Layout(
        {
            "a.ipynb": notebook("# Title", "text of a cell"),
            ".ipynb_checkpoints/a-checkpoint.ipynb": notebook("# Title"),
        },
        ["# Title\n\ntext of a cell"],
        {("hidden", ".ipynb"): [".ipynb_checkpoints/a-checkpoint.ipynb"]},
        unchecked=1,
    ),
    "names that lie about the compression": Layout(
        {"a.jsonl": packed(lines(fields(A))), "b.jsonl.gz": lines(fields(B)), "c.txt": packed(b"a packed text")},
        [*A, *B, "a packed text"],
        unchecked=1,
    ),
    "names without a suffix": Layout(
        {
            "zst": zstandard.ZstdCompressor(write_checksum=True).compress(lines(fields(A))),
            "gz": packed(lines(fields(B))),
            "array": json.dumps(fields(C)).encode(),
            "parquet": parquet(text=["a column"]),
            "tar": tar({"x.txt": b"a member"}),
        },
        [*A, *B, *C, "a column", "a member"],
        unchecked=3,
    ),
    "scans and pictures": Layout(
        {
            "a.txt": b"a text",
            "b.md": b"# A text",
            **{f"scans/{number}.pdf": PDF * 9 for number in range(5)},
            **{f"pictures/{number}.png": PNG for number in range(3)},
            "x.docx": b"PK\x03\x04" + bytes(22) + b"\x13\0\0\0[Content_Types].xml",
        },
        ["a text", "# A text"],
        {
            ("binary", ".png"): [f"pictures/{number}.png" for number in range(3)],
            ("unclaimed", ".docx"): ["x.docx"],
            ("unclaimed", ".pdf"): [f"scans/{number}.pdf" for number in range(5)],
        },
        code=1,
        unchecked=2,
    ),
    "files without a byte": Layout(
        {**dict.fromkeys(["a.jsonl", "b.txt", "c.csv", "d.json", "e"], b""), "f.jsonl.gz": packed(b"")}, []
    ),
    "a source tree": Layout(TREE, SOURCES, {("binary", ".png"): ["repo-main/src/logo.png"]}, CODE, unchecked=4),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYOUTS)
def test_all_texts_of_a_layout_count_and_the_rest_is_listed(run: Run, name: str) -> None:
    layout = LAYOUTS[name]
    write_folder(Path("given"), layout.files)
    result = ingested(run, "given", *layout.options, code=layout.code)
    left = {(each["rule"], each["suffix"]): (each["files"], each["bytes"]) for each in result["left_out"]}
    examples = {Path(each["example"]).relative_to(Path("given").resolve()).as_posix() for each in result["left_out"]}

    assert result["documents"] == len(layout.texts)
    assert result["bytes"] == sum(len(text.encode()) for text in layout.texts)
    assert left == {
        key: (len(paths), sum(len(layout.files[path]) for path in paths)) for key, paths in layout.left_out.items()
    }
    assert examples == {min(paths) for paths in layout.left_out.values()}
    assert result["complete"] == (layout.code == 0)
    assert (result["bad_records"], result["unchecked_files"]) == (0, layout.unchecked)
    assert result["files"] + sum(each["files"] for each in result["left_out"]) == len(layout.files)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["Spark", "Dolma", "one pretty-printed object per file", "scans and pictures", "reviews"]
)
def test_an_estimate_and_a_dry_run_agree_with_the_ingest(run: Run, name: str) -> None:
    layout = LAYOUTS[name]
    write_folder(Path("given"), layout.files)
    listed = run("ingest", "given", *layout.options, "--dry-run", "--format", "json").json["rows"]
    estimated = run("estimate", "given", *layout.options, "--format", "json", code=layout.code).json
    result = ingested(run, "given", *layout.options, code=layout.code)
    values = {row["quantity"]: row["value"] for row in estimated["rows"]}

    assert {
        "files": sum(row["reader"] is not None for row in listed),
        "left out": sum(row["left_out"] is not None for row in listed),
    } == {"files": result["files"], "left out": sum(each["files"] for each in result["left_out"])}
    assert [values[each] for each in ("files", "documents", "bytes", "tokens cl100k_base")] == [
        *(result[each] for each in ("files", "documents", "bytes")),
        result["tokens"]["cl100k_base"],
    ]
    assert (estimated["left_out"], estimated["complete"]) == (result["left_out"], result["complete"])


ARCHIVES = {
    "repo-main.zip": (zipped(TREE), CODE, SOURCES, {("binary", ".png"): 1}),
    "repo-main.tar.gz": (tar(TREE, "w:gz"), CODE, SOURCES, {("binary", ".png"): 1}),
    "made-on-a-mac.zip": (
        zipped({"a.jsonl": lines(fields(A)), "__MACOSX/._a.jsonl": APPLE_DOUBLE, ".DS_Store": b"\0"}),
        ("--domain", "web"),
        A,
        {("hidden", ""): 1, ("hidden", ".jsonl"): 1},
    ),
    "00000.tar": (
        tar(
            {
                f"{place}{suffix}": content
                for place, text in enumerate(A)
                for suffix, content in ((".txt", text.encode()), (".json", METADATA), (".jpg", b"\xff\xd8\xff\0"))
            }
        ),
        ("--domain", "web"),
        A,
        {("about_data", ".json"): 3, ("binary", ".jpg"): 3},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_in_a_folder_counts_by_its_members(run: Run, name: str) -> None:
    content, options, expected, left = ARCHIVES[name]
    write_folder(Path("given"), {name: content})
    result = ingested(run, "given", *options)

    assert result["documents"] == len(expected)
    assert result["bytes"] == sum(len(text.encode()) for text in expected)
    assert {(each["rule"], each["suffix"]): each["files"] for each in result["left_out"]} == left
    assert result["complete"]
