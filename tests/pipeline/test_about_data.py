"""Cards, licences, metadata and attributes next to container data are not documents."""

import gzip
import json
from pathlib import Path

import pytest

from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.select import Selection, select
from tokaudit.readers.fields.text_fields import TextFields

RECORD = '{"text": "a"}\n'
METADATA = '{"version": 1}\n'


def chosen(folder: Path, domain: str = "web", *text_fields: str) -> tuple[list[str], dict[str, str]]:
    """The files that count, and the rule of each other file, by their paths below the folder."""
    selected, left = select(Selection([str(folder)], text_fields=TextFields.parse(text_fields)), ingester_of(domain))
    below = {str(Path(item.path).relative_to(folder)): item.rule for item in left}
    return sorted(item.file.below for item in selected), below


def write(folder: Path, **files: str) -> Path:
    """Write files with the contents given by their paths below the folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def test_cards_next_to_or_above_container_data_are_left_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "README.md": "card",
            "LICENSE": "licence",
            "data/train/a.jsonl": RECORD,
            "data/train/dataset_card.md": "card",
            "data/dataset_infos.json": METADATA,
            "data/train/stats.json": METADATA,
            "data/train/more.json": RECORD,
            "data/notes.md": "a document",
            "CITATION.cff": "cff",
            "checksums.txt": "0 a",
            "books/README.md": "a document of a folder without container data",
            "books/novel.txt": "text",
        },
    )

    counted, left = chosen(tmp_path)

    assert counted == [
        "books/README.md",
        "books/novel.txt",
        "data/notes.md",
        "data/train/a.jsonl",
        "data/train/more.json",
    ]
    assert left == dict.fromkeys(
        [
            "README.md",
            "LICENSE",
            "CITATION.cff",
            "checksums.txt",
            "data/dataset_infos.json",
            "data/train/dataset_card.md",
            "data/train/stats.json",
        ],
        "about_data",
    )


def test_among_one_document_files_cards_are_documents(tmp_path: Path) -> None:
    write(tmp_path, **{"README.md": "x", "a.txt": "x", "LICENSE": "x", "meta.json": METADATA})

    assert chosen(tmp_path) == (["README.md", "a.txt"], {"LICENSE": "unclaimed", "meta.json": "unclaimed"})


@pytest.mark.parametrize(("name", "rule"), [("a.ndjson", "about_data"), ("a.json", None)])
def test_a_folder_of_ndjson_is_one_of_container_data(tmp_path: Path, name: str, rule: str | None) -> None:
    write(tmp_path, **{"README.md": "card", name: RECORD})

    assert chosen(tmp_path)[1].get("README.md") == rule


@pytest.mark.parametrize("name", ["x.map", "x.geojson", "meta.json.gz"])
def test_any_json_without_text_is_metadata_next_to_container_data(tmp_path: Path, name: str) -> None:
    write(tmp_path, **{"a.jsonl": RECORD, "b.txt": "text"})
    content = json.dumps({"version": 3, "sources": []}, indent=1).encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (tmp_path / "wiki_00").write_text(METADATA)

    assert chosen(tmp_path) == (["a.jsonl", "b.txt", "wiki_00"], {name: "about_data"})


def test_attributes_without_text_are_left_out_and_those_with_text_not(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "documents/a.jsonl": RECORD,
            "attributes/toxic/a.jsonl": json.dumps({"id": 1, "attributes": {}}) + "\n",
            "attributes/other/a.jsonl": RECORD,
        },
    )

    assert chosen(tmp_path) == (
        ["attributes/other/a.jsonl", "documents/a.jsonl"],
        {"attributes/toxic/a.jsonl": "about_data"},
    )


def test_the_text_field_asked_for_decides_what_is_metadata(tmp_path: Path) -> None:
    write(tmp_path, **{"a.jsonl": RECORD, "b.json": METADATA})

    assert chosen(tmp_path, "web", "b.json=version")[0] == ["a.jsonl", "b.json"]


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "readme.txt"])
def test_a_card_that_is_named_and_those_of_source_trees_count(tmp_path: Path, name: str) -> None:
    write(tmp_path, **{name: "x", "a.jsonl": RECORD})
    selected, _ = select(Selection([str(tmp_path), str(tmp_path / name)]), ingester_of("web"))

    assert sorted(item.file.below for item in selected) == sorted([name, "a.jsonl"])
    assert chosen(tmp_path, "code")[0] == [name]
