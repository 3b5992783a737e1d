"""``tokaudit supply``: what is on stdout, in each format."""

import csv
import io

from made.samples import Run

FIELDS = (
    "documents_seen documents_unique_exact documents_unique bytes_seen tokens_seen tokens_unique_exact tokens_unique"
    " tokens_repeated_inside bad_records"
).split()


def test_json_has_a_row_per_domain_and_the_total(ask: Run) -> None:
    answer = ask("supply", "--format", "json").json

    assert [list(row) for row in answer["rows"]] == [["domain", *FIELDS]] * 3
    assert list(answer["total"]) == FIELDS
    assert (answer["tokenizer"], answer["complete"]) == ("words", False)


def test_by_source_a_row_has_its_domain_too(ask: Run) -> None:
    rows = ask("supply", "--by", "source", "--format", "json").json["rows"]

    assert [(row["domain"], row["source"]) for row in rows] == [
        ("books", "books"),
        ("code", "code"),
        ("web", "blog"),
        ("web", "web"),
    ]


def test_only_people_get_the_total_as_a_row(ask: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("supply", "--format", "csv").out)))
    *_, last, empty, counted = ask("supply").out.splitlines()

    assert [row["domain"] for row in rows] == ["books", "code", "web"]
    assert [last.split()[place] for place in (0, 5, 7)] == ["total", "732", "370"]
    assert (empty, counted) == ("", "Tokens are those of words.")
    assert ask("supply", "--by", "source", "--format", "markdown").out.splitlines()[-3].startswith("| total |")


def test_bad_records_are_reported_and_exit_with_0(ask: Run) -> None:
    assert "1 bad record in 1 file" in ask("supply").err
    assert ask("supply", "-q").err == ""


def test_files_without_check_sums_are_a_field_and_a_note_for_people(ask: Run) -> None:
    table, document, rows = (ask("supply", "--format", fmt) for fmt in ("table", "json", "csv"))

    assert document.json["unchecked_files"] == 8
    assert "8 of 8 files carry no check sums" in table.err
    assert "check sums" not in document.err + rows.err + document.out.partition('"warnings"')[2]


def test_a_condition_filters_the_rows_and_is_a_field(ask: Run) -> None:
    answer = ask("supply", "--where", "licence = 'a'", "--format", "json").json

    assert [(row["domain"], row["documents_seen"]) for row in answer["rows"]] == [("web", 2)]
    assert (answer["where"], answer["total"]["documents_seen"]) == ("licence = 'a'", 2)
    assert "lack the label 'licence'" in ask("supply", "--where", "licence = 'a'").err
