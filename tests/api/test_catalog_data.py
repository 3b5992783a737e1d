"""Data in memory counted into a catalog: as the same records in a file, and under their own identity."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made.frames import FRAMES, records
from made.samples import Run, altered, text, write_jsonl

from tokaudit.api.catalog import Catalog
from tokaudit.core.errors import InputError, UsageError

SUPPLY = ["documents_seen", "documents_unique_exact", "documents_unique", "bytes_seen", "tokens_seen", "tokens_unique"]
SUPPLY += ["tokens_unique_exact", "tokens_repeated_inside", "bad_records"]


def numbers(catalog: Catalog, source: str) -> dict[str, Any]:
    """What is counted of a source."""
    supply = records(catalog.supply(by="source"))
    (row,) = [row for row in supply if row["source"] == source]
    bad = catalog.query("select ordinal, code from bad_records where source = $s order by 1", s=source)
    labels = catalog.query("select ordinal, name, value from labels where source = $s order by all", s=source)
    return {**{name: row[name] for name in SUPPLY}, "bad": records(bad), "labels": records(labels)}


@pytest.mark.slow
def test_rows_count_as_the_same_lines_of_a_file(catalog: Catalog) -> None:
    """`test_spooled` compares many random rows with the lines of a file; here, one set of each kind is counted."""
    near = altered(text(3), 2)
    texts: list[Any] = [text(3), near, None, "", 7, "word", text(3), 0.5, " \n"]
    labels = [1, None, 2, 3, 4, 5, 6, 7, 8]
    clean = [value if isinstance(value, str) else None for value in texts]
    write_jsonl(Path("mixed.jsonl"), texts, n=labels)
    write_jsonl(Path("clean.jsonl"), clean, n=labels)  # type: ignore[arg-type]
    mixed = pd.DataFrame({"text": pd.Series(texts, dtype=object), "n": pd.Series(labels, dtype=object)})
    asked: dict[str, Any] = {"domain": "web", "on_bad_record": "skip"}
    catalog.ingest("mixed.jsonl", source="mixed file", label={"n": "n"}, **asked)
    catalog.ingest("clean.jsonl", source="clean file", label={"n": "n"}, **asked)
    catalog.ingest(mixed, source="mixed", label={"n": "n"}, **asked)
    for name in ("polars", "datasets"):
        catalog.ingest(FRAMES[name]({"text": clean, "n": labels}), source=name, label={"n": "n"}, **asked)
    catalog.ingest(iter(texts), source="texts", **asked)

    mixed_file = numbers(catalog, "mixed file")
    assert numbers(catalog, "mixed") == mixed_file
    assert numbers(catalog, "texts") == {**mixed_file, "labels": []}
    assert numbers(catalog, "polars") == numbers(catalog, "datasets") == numbers(catalog, "clean file")


@pytest.mark.slow
def test_the_same_rows_again_change_nothing_and_others_replace_them(
    catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    texts = [text(1, 20), text(2, 20), text(1, 20)]
    first = catalog.ingest(iter(texts), domain="web", source="x")
    before = catalog.supply()
    again = catalog.ingest(FRAMES["polars"]({"text": texts, "id": [1, 2, 3]}), domain="web", source="x")

    assert (first.files, first.files_unchanged, first.documents) == (1, 0, 3)
    assert (again.files_unchanged, again.documents) == (1, 3)
    assert catalog.supply().equals(before)
    assert "nothing to do" in again._repr_html_()

    other = catalog.ingest(FRAMES["pandas"]({"text": texts[:1]}), domain="web", source="x")
    assert (other.files_unchanged, other.documents) == (0, 1)
    assert "frame:x: replaced what was counted under this name before" in caplog.text
    assert catalog.supply()["tokens_seen"].tolist() == [20]
    none = catalog.ingest(iter(()), domain="web", source="x")
    assert (none.documents, none.warnings[0]) == (0, "frame:x: no rows came")


@pytest.mark.slow
def test_another_tokenizer_adds_its_counts_to_the_same_rows(catalog: Catalog) -> None:
    frame = pd.DataFrame({"text": [text(1, 20)]})
    catalog.ingest(frame, domain="web", source="x", tokenizer="one")
    catalog.ingest(frame, domain="web", source="x", tokenizer="other")

    assert catalog.supply(tokenizer="one")["tokens_seen"].tolist() == [20]
    assert catalog.supply(tokenizer="other")["tokens_seen"].tolist() == [20]


@pytest.mark.slow
def test_labels_of_an_earlier_ingest_are_kept_of_later_rows(catalog: Catalog) -> None:
    catalog.ingest(pd.DataFrame({"text": ["a"], "q": [1]}), domain="web", source="x", label={"quality": "q"})
    catalog.ingest(pd.DataFrame({"text": ["b", "c"], "q": [2, None]}), domain="web", source="x")

    found = catalog.query("select ordinal, value from labels where name = 'quality' order by 1")
    assert records(found) == [{"ordinal": 0, "value": "2.0"}]


@pytest.mark.slow
def test_the_domain_code_finds_its_labels_in_columns(catalog: Catalog) -> None:
    frame = pd.DataFrame({"content": ["print(1)"], "lang": ["Python"], "other": [1]})
    catalog.ingest(frame, domain="code", source="x")
    write_jsonl(Path("x.jsonl"), ["print(2)"], lang=["Python"])
    catalog.ingest("x.jsonl", domain="code", source="y")

    found = catalog.query("select source, name, value from labels order by 1")
    assert records(found) == [{"source": each, "name": "language", "value": "python"} for each in ("x", "y")]


@pytest.mark.slow
def test_duplicates_between_a_frame_and_a_file_are_found_and_verified(catalog: Catalog) -> None:
    first, second = text(1), text(2)
    write_jsonl(Path("x.jsonl"), [first, altered(second, 2)])
    catalog.ingest("x.jsonl", domain="web", source="file")
    catalog.ingest(pd.DataFrame({"text": [second, first]}), domain="web", source="frame")

    found = catalog.duplicates()
    assert sorted(zip(found["path"], found["ordinal"], found["kind"], strict=True)) == [
        *(("frame:frame", 0, "near"), ("frame:frame", 1, "exact"))
    ]
    assert found.query("kind == 'near'")["similarity"].tolist()[0] > 0.8
    assert catalog.overlap(by="source")["documents_shared"].tolist() == [2, 2]


@pytest.mark.slow
def test_near_duplicates_inside_a_frame_are_verified(catalog: Catalog) -> None:
    texts = [each for n in range(40) for each in (text(n), altered(text(n), 1 + n % 2))]
    catalog.ingest(FRAMES["datasets"]({"text": texts}), domain="web", source="x")
    write_jsonl(Path("x.jsonl"), texts)
    catalog.ingest("x.jsonl", domain="books", source="file")

    pairs = catalog.query("select kind, similarity, ordinal, kept_ordinal from groups where source = $s", s="x")
    near = pairs.query("kind == 'near'").sort_values("ordinal")
    assert near["kept_ordinal"].tolist() == list(range(0, 80, 2))
    assert all(0.8 <= similarity < 1 for similarity in near["similarity"])
    assert numbers(catalog, "x") == numbers(catalog, "file")


def test_a_bad_record_stops_the_ingest_and_names_the_row(catalog: Catalog) -> None:
    frame = pd.DataFrame({"text": pd.Series(["a", 5, None], dtype=object)})
    with pytest.raises(InputError, match=r"^frame:x: the field 'text' is a number, not text \(record 1\); fix"):
        catalog.ingest(frame, domain="web", source="x")
    result = catalog.ingest(frame, domain="web", source="x", on_bad_record="skip")

    assert (result.documents, result.bad_records, result.complete) == (1, 2, False)
    rows = [{"ordinal": 1, "code": "text_type"}, {"ordinal": 2, "code": "null_text"}]
    assert records(catalog.errors()[["ordinal", "code"]]) == rows
    assert catalog.errors()["offset"].isna().all()


@pytest.mark.slow
def test_what_needs_the_text_later_says_that_it_is_gone(catalog: Catalog, run: Run) -> None:
    catalog.ingest(pd.Series(["a text", None]), domain="web", source="x", on_bad_record="skip")

    for command in (["show", "frame:x", "0"], ["retry"], ["verify"]):
        done = run("--catalog", catalog.path, *command, code=3 if command[0] == "show" else 1)
        assert "frame:x: was not read from a file: its text is gone" in done.out + done.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "source: data in memory have no name; name their source with source="),
        ({"source": " "}, "is not a name"),
        ({"source": "x", "reader": "jsonl"}, "reader: data in memory are not files; leave it out"),
        ({"source": "x", "include": "*"}, "include: data in memory are not files"),
        ({"source": "x", "exclude": ["a"]}, "exclude: data in memory are not files"),
        ({"source": "x", "text_field": "body"}, "text_field: texts have no fields"),
        ({"source": "x", "label": {"a": "b"}}, "label: texts have no fields"),
        ({"source": "x", "clean": "some"}, "clean: unknown value"),
    ],
)
def test_options_that_make_no_sense_for_data_in_memory_are_refused(
    catalog: Catalog, arguments: dict[str, Any], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        catalog.ingest(iter(["a"]), domain="web", **arguments)
    assert not catalog.path.exists()


@pytest.mark.slow
def test_a_source_counted_in_another_way_is_refused(catalog: Catalog) -> None:
    frame = pd.DataFrame({"text": ["a"], "other": ["b"]})
    catalog.ingest(frame, domain="web", source="x")

    with pytest.raises(UsageError, match="was counted with domain web, not books"):
        catalog.ingest(frame, domain="books", source="x")
    with pytest.raises(UsageError, match="was counted with text_field text, not other"):
        catalog.ingest(frame, domain="web", source="x", text_field="other")
    assert catalog.status()["documents"].tolist() == [1]


def test_a_label_without_a_column_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match=r"label 'n': the table has no column 'm\.n', only 'text', 'n'"):
        catalog.ingest(pd.DataFrame({"text": ["a"], "n": [1]}), domain="web", source="x", label={"n": "m.n"})


def test_an_error_in_the_callers_generator_is_the_callers(catalog: Catalog) -> None:
    def texts() -> Any:
        yield "a"
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        catalog.ingest(texts(), domain="web", source="x")
    assert not catalog.path.exists()
