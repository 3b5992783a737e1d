"""Two catalogs compared, next to a plain comparison of two small corpora."""

import gzip
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made.plain_diff import count_corpus, edited_corpus, plain_diff, random_corpus
from made.samples import Words, altered, count_into, overlapping_sources, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.audit.answer import Answer
from tokaudit.audit.diff import diff_catalogs
from tokaudit.audit.diff_causes import FIELDS
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.core.errors import CatalogError, UsageError


def of_rows(rows: list[dict[str, Any]], by: str) -> dict[tuple[str, str, str | None], Counter[str]]:
    """The rows of a comparison in the form of `plain_diff`, without bad records."""
    fields = [field for field in FIELDS if field != "bad_records"]
    found = {
        (row.get(by, ""), row["cause"], row["kept_source"]): Counter({field: row[field] for field in fields})
        for row in rows
    }
    return {key: numbers for key, numbers in found.items() if any(numbers.values())}


def sums(rows: list[dict[str, Any]], by: str) -> dict[Any, Counter[str]]:
    """Row -> the sum of its causes; rows of zeros are left out."""
    found: dict[Any, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.get(by), Counter()).update({field: row[field] for field in FIELDS})
    return {key: numbers for key, numbers in found.items() if any(numbers.values())}


def assert_exact(found: Answer, first: Path, second: Path, by: str) -> None:
    """Check that the causes of each row, and of the whole catalog, add up to what `supply` says of both."""
    wanted: dict[Any, Counter[str]] = {}
    for sign, path in ((-1, first), (1, second)):
        answer = answers.supply(path, by, found.extra["tokenizer"])
        for row in (*answer.rows, answer.extra["total"]):
            numbers = Counter({field: sign * row[field] for field in FIELDS})
            wanted.setdefault(row.get(by), Counter()).update(numbers)
    wanted = {key: numbers for key, numbers in wanted.items() if any(numbers.values())}

    assert sums(found.rows, by) | sums(found.extra["causes"], by) == wanted


SEEDS = (0, 3, 5, 6)
CAUSES = {
    *("files added", "files removed", "files changed", "bad records", "moved to another domain"),
    *("now duplicates", "no longer duplicates"),
}


def test_the_random_edits_have_all_causes() -> None:
    found = set()
    for seed in SEEDS:
        chance = random.Random(seed)
        before = random_corpus(chance)
        found |= {cause for _, cause, _ in plain_diff(before, edited_corpus(before, chance), "domain")}

    assert found == CAUSES


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_every_change_has_the_cause_that_a_plain_comparison_finds(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    before = random_corpus(chance)
    after = edited_corpus(before, chance)
    first, second = count_corpus(tmp_path / "a.duckdb", before), count_corpus(tmp_path / "b.duckdb", after)
    for by in ("domain", "source"):
        found = diff_catalogs(first, second, by, None)

        assert of_rows(found.rows, by) == plain_diff(before, after, by)
        assert of_rows(found.extra["causes"], by) == plain_diff(before, after, "catalog")
        assert_exact(found, first, second, by)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A catalog whose sources contain each other's texts, unchanged or altered, and a copy of it."""
    overlapping_sources(tmp_path / "a.duckdb", tmp_path / "given")
    shutil.copytree(tmp_path / "a.duckdb.parts", tmp_path / "b.duckdb.parts")
    return tmp_path / "a.duckdb", Path(shutil.copy(tmp_path / "a.duckdb", tmp_path / "b.duckdb"))


def numbers(rows: list[dict[str, Any]]) -> list[tuple[str, str, str | None, int, int, int]]:
    """Domain, cause, kept source, and changes in documents seen, exact-unique and unique."""
    return [(row["domain"], row["cause"], row["kept_source"], *(row[field] for field in FIELDS[:3])) for row in rows]


@pytest.mark.slow
def test_a_near_duplicate_that_came_in_displaces_another(pair: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = pair
    write_jsonl(tmp_path / "given" / "early" / "x.jsonl", [altered(text(11), 2), text(50)])
    count_into(second, tmp_path / "given" / "early", "web")
    found = diff_catalogs(first, second, "domain", None)

    assert numbers(found.rows) == [
        ("web", "files added", None, 2, 2, 2),
        ("web", "now duplicates", "early", 0, 0, -1),
    ]
    assert_exact(found, first, second, "domain")
    assert_exact(diff_catalogs(second, first, "source", None), second, first, "source")


@pytest.mark.slow
def test_the_same_catalog_has_no_rows_and_neither_has_a_copy(pair: tuple[Path, Path]) -> None:
    for second in pair:
        found = diff_catalogs(pair[0], second, "source", None)
        assert (found.rows, found.extra["causes"], found.extra["settings"]) == ([], [], [])
        assert found.extra["total"]["tokens_unique"]["change"] == 0


def counted(folder: Path, name: str, texts: list[Any], *, field: str = "text", **asked: Any) -> Path:
    """A catalog of one source in its own folder."""
    write_jsonl(folder / name / "s" / "x.jsonl", texts, body=["the body of a record"] * len(texts))
    count_into(folder / f"{name}.duckdb", folder / name / "s", "web", text_fields=(field,), **asked)
    return folder / f"{name}.duckdb"


@pytest.mark.slow
def test_text_that_is_counted_otherwise_is_a_cause_and_its_setting_is_said(tmp_path: Path) -> None:
    texts = ["one two three", "four five"]
    first, second = counted(tmp_path, "a", texts), counted(tmp_path, "b", texts, field="body")
    found = diff_catalogs(first, second, "domain", None)

    assert numbers(found.rows) == [("web", "counted otherwise", None, 0, -1, -1)]
    assert found.rows[0]["tokens_seen"] == 2 * 5 - 5
    assert found.extra["settings"] == [{"source": "s", "setting": "text_field", "a": "text", "b": "body"}]
    assert "text field of s: text in A, body in B" in found.notes
    assert_exact(found, first, second, "domain")


@pytest.mark.slow
def test_a_record_that_is_bad_in_one_catalog_explains_its_document(tmp_path: Path) -> None:
    texts = [1, "two words", "three words more"]
    first, second = counted(tmp_path, "a", texts), counted(tmp_path, "b", texts, field="body")
    rows = {row["cause"]: row for row in diff_catalogs(first, second, "domain", None).rows}

    assert (rows["bad records"]["documents_seen"], rows["bad records"]["bad_records"]) == (1, -1)
    assert (rows["counted otherwise"]["documents_seen"], rows["counted otherwise"]["bad_records"]) == (0, 0)
    assert diff_catalogs(first, second, "domain", None).extra["complete"] is False


@pytest.mark.slow
def test_files_of_one_source_with_the_same_path_below_are_told_apart(tmp_path: Path) -> None:
    catalogs = []
    for name, more in (("a", []), ("b", ["six seven"])):
        for folder, texts in (("one", ["one two"]), ("two", ["three", *more])):
            write_jsonl(tmp_path / name / folder / "x.jsonl", texts)
            count_into(tmp_path / f"{name}.duckdb", tmp_path / name / folder, "web", source="s")
        catalogs.append(tmp_path / f"{name}.duckdb")
    found = diff_catalogs(catalogs[0], catalogs[1], "source", None)

    assert [(row["cause"], row["files"], row["documents_seen"]) for row in found.rows] == [("files changed", 1, 1)]


@pytest.mark.slow
def test_the_tokenizer_is_one_vocabulary_in_both(tmp_path: Path) -> None:
    texts = ["one two three"]
    first = counted(tmp_path, "a", texts, counters=(Words("odd", "1"), Words("words", "0")))
    second = counted(tmp_path, "b", texts, counters=(Words("even", "2"), Words("others", "0"), Words("odd", "3")))
    third = counted(tmp_path, "c", texts, counters=(Words("even", "2"),))

    assert diff_catalogs(first, second, "domain", None).extra["tokenizer"] == "words"
    with pytest.raises(UsageError, match=r"b\.duckdb: tokenizer 'odd' is another vocabulary than in .*\(33.*not 11"):
        diff_catalogs(first, second, "domain", "odd")
    with pytest.raises(UsageError, match=r"different vocabularies \(odd, words; even\)"):
        diff_catalogs(first, third, "domain", None)


@pytest.mark.slow
def test_a_catalog_is_compared_with_an_empty_one(tmp_path: Path) -> None:
    full = counted(tmp_path, "a", ["one two three", "one two three"])
    with exclusive_writer(tmp_path / "none.duckdb"):
        pass

    assert numbers(diff_catalogs(tmp_path / "none.duckdb", full, "domain", None).rows) == [
        ("web", "files added", None, 2, 1, 1)
    ]
    assert numbers(diff_catalogs(full, tmp_path / "none.duckdb", "domain", None).rows) == [
        ("web", "files removed", None, -2, -1, -1)
    ]
    with pytest.raises(UsageError, match="no counts yet"):
        diff_catalogs(tmp_path / "none.duckdb", tmp_path / "none.duckdb", "domain", None)


def test_what_is_not_a_catalog_is_named(tmp_path: Path, copy: Path) -> None:
    duckdb.connect(tmp_path / "other.duckdb").close()
    for other in ("other.duckdb", "none.duckdb"):
        with pytest.raises(CatalogError, match=other):
            diff_catalogs(copy, tmp_path / other, "domain", None)


@pytest.mark.parametrize("damaged", ["a.duckdb", "b.duckdb"])
def test_an_error_names_the_catalog_that_cannot_be_read(copy: Path, damaged: str) -> None:
    catalogs = [Path(shutil.copy(copy, copy.with_name(name))) for name in ("a.duckdb", "b.duckdb")]
    with duckdb.connect(copy.with_name(damaged)) as connection:
        connection.execute("alter table store.uncounted rename column exact_copy to other")
    with pytest.raises(CatalogError, match=rf"{damaged}: can't be read"):
        diff_catalogs(catalogs[0], catalogs[1], "domain", None)


@pytest.mark.slow
def test_a_file_that_could_be_read_in_part_only_explains_the_rest(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "x.jsonl", [text(seed) for seed in range(100)])
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "x.jsonl.gz").write_bytes(gzip.compress((tmp_path / "x.jsonl").read_bytes()))
    for name, limits in (("a", ()), ("b", ("total=20kB",))):
        count_into(tmp_path / f"{name}.duckdb", tmp_path / "s", "web", limits=limits)
    (row,) = diff_catalogs(tmp_path / "a.duckdb", tmp_path / "b.duckdb", "domain", None).rows

    assert (row["cause"], row["documents_seen"], row["bad_records"]) == ("bad records", -100, 1)
