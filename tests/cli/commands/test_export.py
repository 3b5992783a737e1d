"""``tokaudit export``."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from made.samples import Counted, Run

KEPT = ("export", "--kept", "kept.parquet")
BOTH = (*KEPT, "--dropped", "dropped.parquet")


def test_json_says_what_was_written(ask: Run) -> None:
    done = ask(*BOTH, "--json").json
    kept, dropped = done["kept"], done["dropped"]

    assert (kept["path"], kept["documents"]) == ("kept.parquet", 7)
    assert kept["documents"] == pq.read_metadata("kept.parquet").num_rows
    assert dropped["documents"] == pq.read_metadata("dropped.parquet").num_rows == 4
    assert list(kept["tokens"]) == ["words"]
    assert done["complete"] is False
    assert done["warnings"]


def test_the_tokens_are_those_of_supply(ask: Run) -> None:
    done = ask(*BOTH, "--json").json
    total = ask("supply", "--json").json["total"]

    assert done["kept"]["tokens"]["words"] == total["tokens_unique"]
    assert done["dropped"]["tokens"]["words"] == total["tokens_seen"] - total["tokens_unique"]


def test_people_see_a_sentence_and_a_table(ask: Run) -> None:
    done = ask(*BOTH)

    assert done.out.startswith("Wrote 7 documents that count and 4 documents that do not.\n")
    assert "kept.parquet" in done.out
    assert "bad record" in done.err


def test_csv_has_a_row_per_file_and_tokenizer(ask: Run) -> None:
    lines = ask(*BOTH, "--format", "csv").out.splitlines()

    assert lines[0] == "export,documents,tokenizer,tokens,path"
    assert [line.partition(",")[0] for line in lines[1:]] == ["kept", "dropped"]


def test_existing_files_need_force(ask: Run, counted: Counted, run: Run) -> None:
    Path("dropped.parquet").write_text("mine")
    refused = run("--catalog", counted.catalog, *BOTH, code=2).err

    assert "--dropped: dropped.parquet: exists already; pass --force" in refused
    assert not Path("kept.parquet").exists()
    assert Path("dropped.parquet").read_text() == "mine"
    assert ask(*BOTH, "--force", "--json").json["dropped"]["documents"] == 4


def test_no_file_is_wrong_usage(counted: Counted, run: Run) -> None:
    assert "--kept FILE" in run("--catalog", counted.catalog, "export", code=2).err


def test_a_full_disk_is_one_line_and_leaves_nothing(
    counted: Counted, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    done = run("--catalog", counted.catalog, *BOTH, code=3)

    assert done.err.count("\n") == 1
    assert "kept.parquet: can't be written: No space left on device" in done.err
    assert list(Path().iterdir()) == []


def test_a_missing_folder_is_one_line(counted: Counted, run: Run) -> None:
    done = run("--catalog", counted.catalog, "export", "--kept", "nowhere/kept.parquet", code=3)

    assert "nowhere does not exist; create it" in done.err
