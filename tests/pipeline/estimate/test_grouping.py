"""What grouping would need."""

from pathlib import Path

import pytest
from made.samples import Run, text, write_jsonl

from tokaudit.pipeline.estimate.grouping import GroupingNeed, grouping_need
from tokaudit.pipeline.options import IngestOptions
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.files import InputFile


def needed(path: Path, reader: str = "jsonl", **options: object) -> GroupingNeed:
    """What grouping the documents of one file needs."""
    file = InputFile(str(path), path.name, path.stat().st_size, "")
    return grouping_need([Selected(file, reader)], IngestOptions((str(path),), "web", **options))  # type: ignore[arg-type]


def test_the_need_grows_with_the_number_of_documents(tmp_path: Path) -> None:
    few = needed(write_jsonl(tmp_path / "few.jsonl", [text(0, 5)] * 10))
    many = needed(write_jsonl(tmp_path / "many.jsonl", [text(0, 5)] * 1010))

    assert (few.documents, many.documents) == (10, 1010)
    assert many.memory_bytes - few.memory_bytes == 1000 * 280
    assert many.disk_bytes - few.disk_bytes == 1000 * 375


def test_token_ids_are_not_grouped(tmp_path: Path) -> None:
    store = tmp_path / "a.npy"
    store.write_bytes(bytes(1000))

    assert needed(store, "olmo").documents == 0


def test_records_over_a_limit_are_no_documents(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "a.jsonl", [text(0), text(1, 900)])

    assert needed(file, limits=("record=2kB",)).documents == 1


@pytest.mark.parametrize(
    ("documents", "words"),
    [
        (1, "grouping about 1 document takes up to 510 MB of memory, and 375 MB on the disk of the catalog"),
        (2**32 - 1, "takes up to"),
        (2**32, "is not possible: a catalog has at most 4,294,967,295; count into several"),
    ],
)
def test_the_need_is_said_in_a_sentence(documents: int, words: str) -> None:
    assert words in GroupingNeed(documents, 510_000_000, 375_000_000).sentence()


def test_a_dry_run_says_what_grouping_needs(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", [text(seed) for seed in range(3)])
    done = run("ingest", tmp_path / "a.jsonl", "--domain", "web", "--dry-run", "--json")

    assert done.json["grouping"] == {"documents": 3, "memory_bytes": 230_000_840, "disk_bytes": 1125}
    assert "grouping about 3 documents takes up to 230 MB of memory, and 1.12 kB on the disk" in done.err
