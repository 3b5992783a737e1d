"""Which tokenizers a catalog has counts of, and whether its numbers are complete."""

from pathlib import Path

import pytest
from made.samples import Counted, Run, write_jsonl

from tokaudit.audit import answers
from tokaudit.catalog.completeness import checked_files, choose_tokenizer, completeness
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.resolve import resolve


def chosen(catalog: Path, asked: str | None) -> str:
    with open_readonly(catalog) as connection:
        return choose_tokenizer(connection, asked)


def test_the_default_tokenizer_is_the_first_of_the_catalog(copy: Path) -> None:
    with write_transaction(copy) as connection:
        connection.execute("insert into store.tokenizers values (1, 'another', 'ff', 'x')")

    assert chosen(copy, None) == chosen(copy, "words") == "words"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["forgotten", "refused"])
def test_a_tokenizer_without_files_is_not_the_default(run: Run, tmp_path: Path, how: str) -> None:
    file = write_jsonl(tmp_path / "s" / "a.jsonl", ["a text"])
    if how == "refused":
        file.write_text("no JSON\n")
    run("ingest", tmp_path / "s", "--domain", "web", code=3 if how == "refused" else 0)
    if how == "forgotten":
        run("forget", "s")
    write_jsonl(file, ["another text"])
    run("ingest", tmp_path / "s", "--domain", "web", "--tokenizer", "o200k_base")

    assert run("supply", "--format", "json").json["tokenizer"] == "o200k_base"
    assert run("plan", "--flops", "1e20", "--format", "json").json["domains"][0]["domain"] == "web"


def test_a_vocabulary_is_found_by_its_hash_under_another_name(copy: Path) -> None:
    with write_transaction(copy) as connection:
        connection.execute(
            "update store.tokenizers set vocabulary_sha256 = ?, name = 'mine'", [resolve("cl100k_base").sha256]
        )

    assert chosen(copy, "cl100k_base") == "mine"


def test_a_tokenizer_without_counts_is_refused_with_the_ingest_to_run(counted: Counted) -> None:
    with pytest.raises(UsageError, match=r"'o200k_base' \(the catalog has: words\).*--tokenizer o200k_base"):
        chosen(counted.catalog, "o200k_base")
    with pytest.raises(UsageError, match="unknown tokenizer 'nonsense'"):
        chosen(counted.catalog, "nonsense")


def test_a_source_that_lacks_some_counts_is_named(copy: Path) -> None:
    with write_transaction(copy) as connection:
        connection.execute(
            "delete from store.counted_with where file in (select file from store.files where source = 'web')"
        )

    way_out = (
        r"source 'web' is not fully counted.*; run `tokaudit ingest PATH --domain web --source web --tokenizer words`"
    )
    with pytest.raises(UsageError, match=way_out):
        answers.supply(copy, "domain", None)


@pytest.mark.slow
def test_an_incomplete_answer_says_why(copy: Path) -> None:
    assert answers.supply(copy, "domain", None).notes == (
        "the numbers leave out 1 bad record in 1 file (see `tokaudit errors`)",
        "1 file (3 B) was left out because no reader takes it (`tokaudit query left_out`)",
    )
    with write_transaction(copy) as connection:
        connection.execute("delete from store.bad_records")
        connection.execute("update store.files set bad_records = 0")
        connection.execute("delete from store.left_out")
    assert answers.supply(copy, "domain", None).notes == ()
    assert answers.supply(copy, "domain", None).extra["complete"] is True
    with write_transaction(copy) as connection:
        connection.execute("update store.derived set fresh = false")
    answer = answers.supply(copy, "domain", None)

    assert answer.extra["complete"] is False
    assert "the groups of duplicates are not final" in answer.notes[0]
    for other in (answers.overlap(copy, "domain", None), answers.duplicates(copy, 9, None), answers.errors(copy)):
        assert other.extra["complete"] is False
    assert answers.status(copy).extra["complete"] is False


def remarks(catalog: Path, checked: str) -> list[str]:
    """What is said when the files have these values of ``checked``, as a list of SQL by the file's number."""
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute(f"update store.files set checked = ({checked})[1 + file % 8]")  # noqa: S608 - the test's own list
    with open_readonly(catalog) as connection:
        return list(checked_files(connection).remarks())


def test_files_without_check_sums_are_counted_apart_from_older_ones(copy: Path) -> None:
    none, unchecked, older, both = (
        remarks(copy, f"[{values}]")
        for values in (
            "true, true, true, true, true, true, true, true",
            "true, false, true, false, true, true, true, true",
            "true, null, true, true, true, true, true, true",
            "true, null, false, true, true, true, true, true",
        )
    )
    which = '(`tokaudit query "select path from files where not checked"` lists them)'
    of_older = "1 of 8 files was counted by an older tokaudit, which did not look for check sums"

    assert none == []
    assert unchecked == [f"2 of 8 files carry no check sums, so changed bytes in them can't be noticed {which}"]
    assert older == [of_older]
    assert both == [f"1 of 8 files carries no check sums, so changed bytes in it can't be noticed {which}; {of_older}"]


def test_what_no_reader_takes_makes_a_catalog_incomplete(copy: Path) -> None:
    with exclusive_writer(copy), write_transaction(copy) as connection:
        connection.execute("delete from store.bad_records")
        connection.execute("update store.files set bad_records = 0")
        connection.execute("delete from store.left_out")
        before = completeness(connection)
        connection.execute(
            "insert into store.left_out (source, path, rule, bytes) values ('web', '/a', 'unclaimed', 7e6),"
            " ('web', '/b', 'unclaimed', 5e6), ('web', '/c', 'unreadable', null), ('web', '/d', 'hidden', 1)"
        )
        after = completeness(connection)

    assert before == (True, ())
    assert after == (
        False,
        (
            "2 files (12 MB) were left out because no reader takes them (`tokaudit query left_out`)",
            "1 file was left out because it can't be read (`tokaudit query left_out`)",
        ),
    )
