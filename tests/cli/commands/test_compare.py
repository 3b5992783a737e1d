"""``tokaudit compare``."""

import csv
import io
import json
from pathlib import Path

import pytest
from made.samples import Counted, Done, Run, text

pytestmark = pytest.mark.usefixtures("made_reference")

FIELDS = [
    "rows",
    "source",
    "corpus",
    "tokenizer",
    "measured",
    "published",
    "difference",
    "complete",
    "warnings",
    "registry_as_of",
]


@pytest.fixture
def ask(run: Run, counted: Counted) -> Run:
    """``compare`` on the small catalog."""

    def call(*arguments: object, code: int = 0) -> Done:
        return run("--catalog", counted.catalog, "compare", *arguments, code=code)

    return call


def test_the_causes_in_json_sum_to_the_difference(ask: Run) -> None:
    found = ask("web", "dough-V1", "--format", "json").json

    assert list(found) == FIELDS
    assert [list(row) for row in found["rows"]] == [["cause", "tokens", "low", "high", "how"]] * len(found["rows"])
    assert sum(row["tokens"] for row in found["rows"]) == found["difference"]
    assert found["difference"] == found["measured"]["tokens_unique"] - found["published"]["tokens"]
    assert (found["source"], found["corpus"], found["tokenizer"]) == ("web", "dough-V1", "words")
    assert found["published"]["components"] == ["Dough v1/Crawl + Pages"]
    assert [found["measured"][f"tokens_{kind}"] for kind in ("seen", "unique_exact", "unique")] == [362, 362, 242]


def test_what_the_source_lacks_is_reported_on_stderr(ask: Run) -> None:
    said = ask("web", "Crawl-Edu/score>=3").err

    assert "1 bad record of the source, of about" in said
    assert "1 path of the source left out by the rule unclaimed (3 stored bytes" in said
    assert ask("web", "Pages", "-q").err == ""


def test_the_table_shows_both_ends_and_each_cause(ask: Run) -> None:
    lines = ask("web", "Crawl/v1 all").out.splitlines()

    assert [line.split()[0] for line in lines[:2]] == ["cause", "published"]
    assert any(line.startswith("measured, unique") and line.split()[2] == "242" for line in lines)
    assert any(line.startswith("dedup scope: the published number") for line in lines)
    assert max(map(len, lines)) <= 120
    assert ask("web", "Crawl/v1 all", "--format", "markdown").out.startswith("| cause | tokens | low | high |\n")


def test_csv_has_only_the_causes(ask: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("blog", "heap val/ALL", "--format", "csv").out)))

    assert rows[-1]["cause"] == "dedup scope"
    assert sum(int(row["tokens"]) for row in rows) == 120 - 383_326_404


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing", "Pages"], "unknown source 'nothing' (the catalog has: blog, books, code, web)"),
        (["web", "Crawll"], "'Crawll' is not a published corpus; similar names: Crawl, "),
        (["web", "Pages/en,Heap-val/all"], "only disjoint parts of one corpus"),
        (["web", "Pages/fr"], "'Pages/fr' is not a published corpus"),
        (["web", "Pages", "--tokenizer", "o200k_base"], "the catalog has: words"),
    ],
)
def test_unknown_names_list_the_known(ask: Run, arguments: list[str], message: str) -> None:
    assert message in ask(*arguments, code=2).err


def test_pages_of_another_extractor_are_a_cause(run: Run, tmp_path: Path) -> None:
    page = "<html><body><nav>Home About</nav><main><p>" + text(0, 300) + "</p></main></body></html>"
    (tmp_path / "site").mkdir()
    for name in ("one.html", "two.html"):
        (tmp_path / "site" / name).write_text(page.replace("Home", name))
    run("ingest", tmp_path / "site", "--domain", "web")

    found = run("compare", "site", "Pages/en", "--format", "json").json
    (how,) = {row["how"] for row in found["rows"] if "fields" in row["cause"]}
    (extractor,) = found["measured"]["extractors"]
    assert extractor.startswith("resiliparse ")
    ours = extractor.partition(";")[0]
    assert f"pages were extracted by {ours}, but Pages/en counts the text of WET files (2 to 2.5 times" in how
    assert found["published"]["extractors"] == {"Pages/en": "WET"}
    assert "text field" not in how


def test_a_source_without_pages_has_no_extractors(ask: Run) -> None:
    found = ask("web", "Pages", "--format", "json").json

    assert found["measured"]["extractors"] == []
    assert not any("extracted" in row["how"] for row in found["rows"])


def test_a_missing_catalog_is_reported(run: Run) -> None:
    assert "no catalog found" in run("compare", "web", "Pages", code=4).err


@pytest.mark.slow
def test_one_text_in_two_tokenizers_differs_by_tokenizer(run: Run) -> None:
    Path("a.jsonl").write_text("".join(json.dumps({"text": f"some words, number {i}"}) + "\n" for i in range(9)))
    run("ingest", "a.jsonl", "--domain", "web", "--tokenizer", "cl100k_base", "--tokenizer", "o200k_base")
    found = run("compare", "a.jsonl", "Lent Books", "--format", "json").json

    assert found["published"]["tokenizer"] == "o200k_base"
    assert found["rows"][0]["cause"] == "tokenizer"
    assert "counted in the catalog" in found["rows"][0]["how"]
    assert found["rows"][0]["low"] == found["rows"][0]["tokens"] == found["rows"][0]["high"]
