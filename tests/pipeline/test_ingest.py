"""The whole path: files in, numbers out; only the files decide the numbers."""

import os
import shutil
from pathlib import Path

import datasets
import pytest
from made.samples import Counted, Run, altered, ask, count_into, ingested, tables, text, write_jsonl

from tokaudit.catalog.layout import parts_folder

pytestmark = pytest.mark.slow

UNIQUE = [text(seed) for seed in range(8)]
NEAR = altered(UNIQUE[0], 2)  # 120 words, 116 shingles, 10 of them changed: Jaccard 106 / 126 = 0.84
FAR = altered(UNIQUE[1], 8)  # 40 changed: 76 / 156 = 0.49


def corpus(folder: Path) -> Path:
    """Eleven documents in nine groups: one exact duplicate, one near-duplicate, and one that is not near enough."""
    write_jsonl(folder / "a.jsonl", [*UNIQUE[:4], NEAR])
    write_jsonl(folder / "b.jsonl", [*UNIQUE[4:], UNIQUE[2], FAR])
    return folder


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    """The corpus, counted in words; shared by tests that change neither."""
    place = tmp_path_factory.mktemp("once")
    made = Counted(place / "once.duckdb", corpus(place / "c"))
    count_into(made.catalog, made.folder, "web")
    return made


def test_copies_and_near_duplicates_are_counted_once(run: Run, tmp_path: Path) -> None:
    result = ingested(run, corpus(tmp_path / "c"), "--domain", "web")
    supply = run("supply", "--format", "json").json

    assert (result["source"], result["domain"], result["files"], result["documents"]) == ("c", "web", 2, 11)
    assert result["complete"] is True
    assert result["bytes"] == sum(len(t) for t in [*UNIQUE, NEAR, UNIQUE[2], FAR])
    (row,) = supply["rows"]
    assert (row["documents_seen"], row["documents_unique_exact"], row["documents_unique"]) == (11, 10, 9)
    assert row["tokens_seen"] == result["tokens"]["cl100k_base"] > row["tokens_unique_exact"] > row["tokens_unique"]
    assert {key: row[key] for key in supply["total"]} == supply["total"]
    assert supply["tokenizer"] == "cl100k_base"


def test_duplicates_name_the_kept_document_and_the_true_similarity(run: Run, once: Counted) -> None:
    folder = once.folder
    found = run("--catalog", once.catalog, "duplicates", "--format", "json").json

    assert found["total"] == 2
    near, exact = sorted(found["rows"], key=lambda row: row["kind"] == "exact")
    assert (near["path"], near["ordinal"], near["kept_ordinal"]) == (str(folder / "a.jsonl"), 4, 0)
    assert near["similarity"] == pytest.approx(106 / 126)
    assert (exact["path"], exact["ordinal"], exact["kept_path"]) == (
        str(folder / "b.jsonl"),
        4,
        str(folder / "a.jsonl"),
    )
    assert exact["similarity"] == 1


def test_ingesting_again_changes_nothing_and_says_so(run: Run, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c")
    first = ingested(run, folder, "--domain", "web")
    before = tables(run)
    again = run("ingest", folder, "--domain", "web", "--format", "json")

    assert again.json["files_unchanged"] == 2
    assert "nothing to do" in again.err
    assert {**again.json, "seconds": 0, "files_unchanged": 0} == {**first, "seconds": 0}
    assert tables(run) == before


def test_a_file_that_was_only_touched_is_known_by_its_content(run: Run, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c")
    ingested(run, folder, "--domain", "web")
    os.utime(folder / "a.jsonl", (1, 1))

    assert ingested(run, folder, "--domain", "web")["files_unchanged"] == 2


def test_a_changed_file_replaces_its_old_rows(run: Run, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c")
    ingested(run, folder, "--domain", "web")
    write_jsonl(folder / "b.jsonl", UNIQUE[4:6])
    result = ingested(run, folder, "--domain", "web")
    ingested(run, folder, "--domain", "web", "--catalog", "anew.duckdb")

    assert (result["files_unchanged"], result["documents"]) == (1, 7)
    assert tables(run) == tables(run, Path("anew.duckdb"))


def test_the_order_of_ingests_changes_no_number(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "one" / "x.jsonl", [UNIQUE[0], UNIQUE[1], NEAR])
    write_jsonl(tmp_path / "two" / "x.jsonl", [altered(UNIQUE[0], 1), UNIQUE[1], UNIQUE[3]])
    write_jsonl(tmp_path / "three" / "x.jsonl", [UNIQUE[3], altered(UNIQUE[3], 2), UNIQUE[4]])
    seen = []
    for order in (["one", "two", "three"], ["three", "one", "two"], ["two", "three", "one"]):
        catalog = Path(f"{order[0]}.duckdb")
        for name in order:
            ingested(run, tmp_path / name, "--domain", "web" if name == "one" else "books", "--catalog", catalog)
        seen.append(tables(run, catalog))

    assert seen[0]["supply"]["total"]["documents_unique"] == 4
    assert seen[0] == seen[1] == seen[2]


def test_workers_memory_and_part_sizes_change_no_number(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus(tmp_path / "c")
    ingested(run, folder, "--domain", "web", "--workers", 1)
    monkeypatch.setattr("tokaudit.catalog.buffer.PART_DOCUMENTS", 2)
    monkeypatch.setattr("tokaudit.catalog.buffer.COMMIT_BYTES", 1)
    monkeypatch.setattr("tokaudit.pipeline.batch_size._MOST_BYTES", 700)
    ingested(run, folder, "--domain", "web", "--workers", 4, "--memory", "1MB", "--catalog", "other.duckdb")

    assert tables(run, Path("other.duckdb")) == tables(run)


def test_a_corpus_ingested_twice_has_the_same_unique_tokens(run: Run, tmp_path: Path) -> None:
    ingested(run, corpus(tmp_path / "c"), "--domain", "web")
    once = run("supply", "--format", "json").json["total"]
    ingested(run, corpus(tmp_path / "d"), "--domain", "web")
    twice = run("supply", "--format", "json").json["total"]

    assert twice["tokens_seen"] == 2 * once["tokens_seen"]
    for name in ("tokens_unique_exact", "tokens_unique", "documents_unique"):
        assert twice[name] == once[name]


def test_splitting_a_file_changes_no_count(run: Run, tmp_path: Path) -> None:
    whole = write_jsonl(tmp_path / "whole" / "x.jsonl", [*UNIQUE, NEAR])
    lines = whole.read_text().splitlines(keepends=True)
    (tmp_path / "split").mkdir()
    for number, part in enumerate((lines[:2], lines[2:7], lines[7:])):
        (tmp_path / "split" / f"{number}.jsonl").write_text("".join(part))
    ingested(run, tmp_path / "whole", "--domain", "web")
    ingested(run, tmp_path / "split", "--domain", "books")
    one, other = run("supply", "--format", "json").json["rows"]

    assert {**one, "domain": ""} == {**other, "domain": ""}


def test_after_forget_the_numbers_are_as_if_the_source_had_never_been(run: Run, tmp_path: Path) -> None:
    # The text between links two that are not near each other.
    left, bridge, right = UNIQUE[0], altered(UNIQUE[0], 2), altered(altered(UNIQUE[0], 2), 1)
    write_jsonl(tmp_path / "a" / "x.jsonl", [left, right, UNIQUE[5]])
    write_jsonl(tmp_path / "b" / "x.jsonl", [bridge, UNIQUE[5], UNIQUE[6]])
    ingested(run, tmp_path / "a", "--domain", "web")
    alone = tables(run)
    ingested(run, tmp_path / "b", "--domain", "web")
    both = tables(run)
    forgotten = run("forget", "b", "--format", "json").json

    assert (forgotten["source"], forgotten["files"], forgotten["documents"]) == ("b", 1, 3)
    assert both["groups"] != alone["groups"]
    assert tables(run) == alone
    assert "known: a" in run("forget", "nothing", code=2).err


def test_a_row_deduplicates_only_within_itself(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", UNIQUE[:3])
    write_jsonl(tmp_path / "b" / "x.jsonl", [UNIQUE[0], NEAR, UNIQUE[7]])
    ingested(run, tmp_path / "a", "--domain", "web")
    ingested(run, tmp_path / "b", "--domain", "books")
    supply = run("supply", "--format", "json").json
    shared = {(row["a"], row["b"]): row for row in run("overlap", "--format", "json").json["rows"]}

    assert {row["domain"]: row["documents_unique"] for row in supply["rows"]} == {"books": 2, "web": 3}
    assert supply["total"]["documents_unique"] == 4
    assert (shared["books", "web"]["documents_shared_exact"], shared["books", "web"]["documents_shared"]) == (1, 2)
    assert (shared["web", "books"]["documents_shared_exact"], shared["web", "books"]["documents_shared"]) == (1, 1)


def test_another_tokenizer_adds_counts_and_changes_nothing_else(run: Run, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c")
    ingested(run, folder, "--domain", "web")
    before = tables(run)
    missing = run("supply", "--tokenizer", "o200k_base", code=2)
    added = ingested(run, folder, "--domain", "web", "--tokenizer", "o200k_base")
    supply = run("supply", "--tokenizer", "o200k_base", "--format", "json").json
    every = "select path, ordinal, tokens from token_counts where tokenizer = 'cl100k_base' order by all"

    assert "--tokenizer o200k_base" in missing.err
    assert supply["tokenizer"] == "o200k_base"
    assert supply["total"]["tokens_seen"] == added["tokens"]["o200k_base"]
    assert supply["total"]["documents_unique"] == before["supply"]["total"]["documents_unique"]
    assert run("supply", "--format", "json").json == before["supply"]
    assert run("query", every, "--format", "json").json["rows"] == before["tokens"]
    fresh = ingested(run, corpus(tmp_path / "d"), "--domain", "web", "--tokenizer", "o200k_base")
    assert fresh["tokens"] == added["tokens"]


@pytest.mark.parametrize(
    "options",
    [
        ["--domain", "books"],
        ["--domain", "web", "--clean", "none"],
        ["--domain", "web", "--text-field", "body"],
        ["--domain", "web", "--reader", "jsonl"],
        ["--domain", "web", "--source", "other"],
    ],
)
def test_a_source_can_not_be_counted_in_a_second_way(run: Run, once: Counted, options: list[str]) -> None:
    catalog = Path(shutil.copy(once.catalog, "copy.duckdb"))
    shutil.copytree(parts_folder(once.catalog), parts_folder(catalog))

    assert "forget c" in run("--catalog", catalog, "ingest", once.folder, *options, code=2).err
    assert tables(run, catalog) == tables(run, once.catalog)


def test_the_least_path_below_a_named_folder_counts_in_any_order(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "z" / "a.jsonl", [UNIQUE[0]])
    write_jsonl(tmp_path / "c" / "m.jsonl", [NEAR])
    seen = []
    for catalog, order in {"x.duckdb": ["c", "c/z"], "y.duckdb": ["c/z", "c"]}.items():
        for name in order:
            ingested(run, tmp_path / name, "--domain", "web", "--source", "s", "--catalog", catalog)
        seen.append(tables(run, Path(catalog)))

    assert seen[0] == seen[1]
    assert [Path(row["kept_path"]).name for row in seen[0]["duplicates"]] == ["a.jsonl"]


def test_deleted_files_still_count_and_the_next_ingest_says_so(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", UNIQUE[:2])
    write_jsonl(tmp_path / "c" / "b.jsonl", UNIQUE[2:4])
    ingested(run, tmp_path / "c", "--domain", "web")
    (tmp_path / "c" / "a.jsonl").unlink()
    again = run("ingest", tmp_path / "c", "--domain", "web", "--format", "json")

    assert again.json["files_gone"] == 1
    assert "the source still counts 1 file that can't be found any more" in again.err


def test_a_deleted_split_is_reported(run: Run, tmp_path: Path) -> None:
    dataset = datasets.Dataset.from_dict({"text": UNIQUE[:2]})
    datasets.DatasetDict({"train": dataset, "test": dataset.select([1])}).save_to_disk(tmp_path / "d")
    ingested(run, tmp_path / "d", "--domain", "web")
    (tmp_path / "d" / "dataset_dict.json").write_text('{"splits": ["train"]}')

    assert ingested(run, tmp_path / "d", "--domain", "web")["files_gone"] == 1


def test_an_estimate_decides_on_deleted_texts_and_says_so(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", [UNIQUE[0]])
    ingested(run, tmp_path / "a", "--domain", "web")
    (tmp_path / "a" / "x.jsonl").unlink()
    write_jsonl(tmp_path / "b" / "x.jsonl", [altered(UNIQUE[0], 1)])
    ingested(run, tmp_path / "b", "--domain", "web")

    pairs = run("query", "select similarity, how from pairs", "--format", "json").json["rows"]
    assert [row["how"] for row in pairs] == ["estimate_file_gone"]

    write_jsonl(tmp_path / "a" / "x.jsonl", [UNIQUE[0], UNIQUE[3]])
    ingested(run, tmp_path / "a", "--domain", "web")
    pairs = run("query", "select similarity, how from pairs", "--format", "json").json["rows"]
    assert pairs == [{"similarity": pytest.approx(111 / 121), "how": "reread"}]


def test_a_file_that_is_counted_now_is_no_longer_left_out(run: Run, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "c")
    for name in ("renamed.dat", "named.dat", "still.dat"):
        (folder / name).write_text(f"words of {name}")
    assert ingested(run, folder, "--domain", "web", code=1)["complete"] is False
    (folder / "renamed.dat").rename(folder / "renamed.txt")
    ingested(run, folder, "--domain", "web", code=1)
    ingested(run, folder / "named.dat", "--domain", "web", "--source", "c")

    left = run("query", "select path from left_out", "--format", "json").json["rows"]
    assert [Path(row["path"]).name for row in left] == ["still.dat"]


def test_a_file_counted_by_name_is_not_left_out_with_its_folder(run: Run, tmp_path: Path) -> None:
    data = write_jsonl(tmp_path / "c" / "x.jsonl", UNIQUE[:1])
    (tmp_path / "c" / "a.py").write_text("x = 1\n")
    for named in (tmp_path / "c", data, tmp_path / "c"):
        ingested(run, named, "--domain", "code", "--source", "c")

    assert ask(Path("tokaudit.duckdb"), "select count(*) from left_out") == [(0,)]
