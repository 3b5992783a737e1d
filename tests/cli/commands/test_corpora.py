"""``tokaudit corpora``."""

import csv
import io
from dataclasses import fields

import pytest
from made.corpora import CORPORA
from made.samples import Run

from tokaudit.catalog.reference.corpora import AS_OF, REGISTRY_AS_OF, PublishedCorpus

pytestmark = pytest.mark.usefixtures("made_reference")

FIELDS = [field.name for field in fields(PublishedCorpus)]


def test_json_has_every_row_and_field(run: Run) -> None:
    rows = run("corpora", "--format", "json").json["rows"]
    assert [(row["corpus"], row["component"]) for row in rows] == [(row.corpus, row.component) for row in CORPORA]
    assert all(list(row) == FIELDS for row in rows)


@pytest.mark.parametrize("domain", ["web", "code", "books"])
def test_the_domain_filters_the_rows(run: Run, domain: str) -> None:
    rows = run("corpora", "--domain", domain, "--format", "json").json["rows"]
    assert {row["domain"] for row in rows} == {domain}


def test_rows_by_year_are_sorted_newest_first_and_show_the_year(run: Run) -> None:
    found = run("corpora", "--by", "year", "--year", "2023-2026", "--format", "json").json
    years = [row["year"] for row in found["rows"]]
    assert years == sorted(years, reverse=True)
    assert len(set(years)) > 1
    assert found["registry_as_of"] == REGISTRY_AS_OF
    assert run("corpora", "--by", "year").out.split()[0] == "year"
    assert "give the name of one corpus or options" in run("corpora", "Crawl", "--by", "year", code=2).err


def test_filters_combine(run: Run) -> None:
    asked = ["--availability", "open", "--licence", "odc-by", "--language", "en", "--year", "2024-2025"]
    out = run("corpora", *asked, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["corpus"] for row in rows} == {"Crawl", "Crawl-Edu", "Sums", "Two Tongues"}
    assert {row["availability"] for row in rows} == {"open"}
    assert {row["year"] for row in rows} == {"2024", "2025"}


def test_the_table_fits_a_terminal(run: Run) -> None:
    lines = run("corpora").out.splitlines()
    assert len(lines) == len(CORPORA) + 1
    assert max(map(len, lines)) <= 120


def test_one_corpus_is_shown_in_full(run: Run) -> None:
    found = run("corpora", "crawl-edu", "--format", "json").json
    assert list(found) == ["corpus", "rows", "dedup", "relatives", "disputes", "registry_as_of"]
    assert found["corpus"] == "Crawl-Edu"
    assert found["disputes"][0] == "Crawl-Edu: 1.3T nominal, 375B exact, about 200B near"
    assert all(list(row) == FIELDS for row in found["rows"])
    assert {rate["method"] for rate in found["dedup"]} == {"exact", "near(minhash)"}
    ends = {(edge["child"], edge["relation"], edge["parent"]) for edge in found["relatives"]}
    assert {("Crawl-Edu", "subset_of", "Crawl"), ("Retold", "rewrite_of", "Crawl-Edu")} <= ends


@pytest.mark.parametrize("command", [("corpora",), ("corpora", "Crawl"), ("stocks",), ("forecast",)])
def test_what_rests_on_the_registry_says_of_when_it_is(run: Run, command: tuple[str, ...]) -> None:
    assert AS_OF in run(*command).err
    assert run(*command, "--format", "json").json["registry_as_of"] == REGISTRY_AS_OF


def test_one_corpus_as_csv_is_its_rows(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("corpora", "Slim Jam", "--format", "csv").out)))
    assert len(rows) == len([row for row in CORPORA if row.corpus == "Slim Jam"])
    assert {row["corpus"] for row in rows} == {"Slim Jam"}


@pytest.mark.parametrize("fmt", ["table", "markdown"])
@pytest.mark.parametrize("corpus", ["The Heap", "Jam v1", "Sky"])
def test_one_corpus_shows_counts_disputes_relatives_and_sources(run: Run, corpus: str, fmt: str) -> None:
    found = run("corpora", corpus, "--format", "json").json
    out = run("corpora", corpus, "--format", fmt).out
    for said in (*found["disputes"], *(row["source"] for row in found["rows"])):
        assert said in out
    for edge in found["relatives"]:
        assert (
            f"{edge['child']}/{edge['child_component']} {edge['relation'].replace('_', ' ')} {edge['parent']}/" in out
        )
    assert ("Removed by deduplication" in out) is bool(found["dedup"])
    assert ("Relatives" in out) is bool(found["relatives"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["crawl-edus"], "similar names: Crawl-Edu"),
        (["--domain", "bocks"], "(known: books; code;"),
        (["--year", "2024-"], "write 2024 or 2023-2025"),
        (["Pages", "--domain", "web"], "give the name of one corpus or options that filter the list, not both"),
    ],
)
def test_unknown_names_are_refused(run: Run, arguments: list[str], message: str) -> None:
    assert message in run("corpora", *arguments, code=2).err


def test_a_component_is_shown_without_the_others(run: Run) -> None:
    found = run("corpora", "crawl-edu/sample-100B", "--format", "json").json
    assert found["corpus"] == "Crawl-Edu"
    assert [row["component"] for row in found["rows"]] == ["sample-100B"]
    assert found["relatives"]
    for edge in found["relatives"]:
        assert "sample-100B" in (edge["child_component"], edge["parent_component"])


@pytest.mark.parametrize("option", ["--licence", "--language"])
def test_a_filter_without_letters_matches_nothing(run: Run, option: str) -> None:
    assert "no published corpus has '%'" in run("corpora", option, "%", code=2).err


def test_languages_are_codes_or_programming_languages(run: Run) -> None:
    said = run("corpora", "--language", "xx", code=2).err
    assert "en; " in said
    assert "python; " in said
    assert "almost" not in said
    assert run("corpora", "--language", "multi", "--format", "json").json["rows"]
