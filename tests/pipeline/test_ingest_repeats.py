"""Repetition inside documents, from an ingest to the supply."""

import tarfile
from pathlib import Path

import duckdb
import pytest
from made.piped import pipe
from made.plain_repeats import plain_repeats
from made.samples import Run, ask, ingested, text, write_jsonl
from made.stores import write_megatron

from tokaudit.supply.measured import measured_supply

LINES = [text(seed, 9) for seed in range(6)]
LISTED = "\n".join(LINES * 3)  # without a blank line
PAGES = ["\n\n".join(LINES * 2), "\n\n".join(["\n".join(LINES)] * 4), text(7), "", LISTED]
REPEATED = "select path, ordinal, bytes, bytes_repeated_inside from documents order by all"


def supply(run: Run, catalog: Path, *more: object) -> list[tuple[object, ...]]:
    """The first column, the tokens seen and those repeated of each row of the supply."""
    rows = run("--catalog", catalog, "supply", *more, "--format", "json").json["rows"]
    return [(next(iter(row.values())), row["tokens_seen"], row["tokens_repeated_inside"]) for row in rows]


def expected(catalog: Path, by_line: bool, texts: list[str]) -> list[tuple[int, int]]:
    """Bytes and tokens that repeat in each text, counted plainly. A half token is rounded up."""
    found: list[tuple[int, int]] = []
    counted = "select bytes, tokens from documents d join token_counts using (document) order by d.ordinal"
    for size, tokens in ask(catalog, counted):
        repeated = plain_repeats(texts[len(found)], by_line=by_line)
        found.append((repeated, int(tokens * (repeated / max(size, 1)) + 0.5)))
    return found


@pytest.mark.parametrize(("domain", "by_line"), [("web", False), ("code", True), ("books", False), ("mine", False)])
def test_code_is_measured_by_line_and_other_text_by_paragraph(
    run: Run, tmp_path: Path, domain: str, by_line: bool
) -> None:
    catalog = tmp_path / "c.duckdb"
    page = write_jsonl(tmp_path / "in" / "x.jsonl", PAGES, language=["Python"] * 5)
    done = ingested(run, "--catalog", catalog, page, "--domain", domain)
    plain = expected(catalog, by_line, PAGES)
    tokens = sum(each for _, each in plain)

    assert [row[3] for row in ask(catalog, REPEATED)] == [size for size, _ in plain]
    assert supply(run, catalog) == [(domain, done["tokens"]["cl100k_base"], tokens)]
    (total,) = ask(catalog, "select bytes_repeated_inside, tokens_repeated_inside from supply")
    assert total == (sum(size for size, _ in plain), tokens)
    assert any("repeat inside their own documents" in warning for warning in done["warnings"])


def test_all_ways_into_a_catalog_measure_the_same(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = write_jsonl(tmp_path / "x.jsonl", PAGES * 20)
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        archive.add(page, "x.jsonl")
    stdin: list[object] = ["-", "--reader", "jsonl"]
    few: list[object] = [page, "--workers", 1, "--memory", "1MiB"]
    found = []
    ways: list[list[object]] = [[page], few, [tmp_path / "x.tar"], stdin]
    for number, words in enumerate(ways):
        catalog = tmp_path / f"{number}.duckdb"
        pipe(monkeypatch, page.read_bytes())
        ingested(run, "--catalog", catalog, *words, "--domain", "web", "--source", "s")
        found.append([row[1:] for row in ask(catalog, REPEATED)])

    assert [each == found[0] for each in found] == [True] * 4
    assert sum(row[2] for row in found[0]) == 20 * sum(plain_repeats(each, by_line=False) for each in PAGES)


def test_the_length_is_a_setting_of_the_source(run: Run, tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    page = write_jsonl(tmp_path / "x.jsonl", ["a line\na line\n" * 2])
    words = ("--catalog", catalog, "ingest", page, "--domain", "web", "--source", "s")
    run(*words, "--repeat-length", 6)

    assert [row[3] for row in ask(catalog, REPEATED)] == [18]
    assert ask(catalog, "select repeat_length from sources") == [(6,)]
    assert "was counted with --repeat-length 6, not 40" in run(*words, code=2).err
    assert "nothing to do" in run(*words, "--repeat-length", "6").err
    assert "from 1 to 1,000,000" in run(*words, "--repeat-length", "0", code=2).err


def test_a_retry_measures_as_the_source_does(run: Run, tmp_path: Path) -> None:
    catalog, page = tmp_path / "c.duckdb", tmp_path / "x.jsonl"
    page.write_text('{"text": "a line\\na line"}\n{"text": 1}\n')
    words = ("--domain", "web", "--on-bad-record", "skip", "--repeat-length", 6)
    run("--catalog", catalog, "ingest", page, *words, code=1)
    page.write_text('{"text": "a line\\na line"}\n{"text": "b line\\nb line\\nb line"}\n')
    run("--catalog", catalog, "retry")

    assert [row[3] for row in ask(catalog, REPEATED)] == [6, 12]


def test_documents_that_were_not_measured_are_null(run: Run, tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    write_jsonl(tmp_path / "old" / "x.jsonl", PAGES)
    run("--catalog", catalog, "ingest", tmp_path / "old", "--domain", "web")
    with duckdb.connect(catalog) as connection:  # as if an older version had counted it
        connection.execute("update store.documents_here set bytes_repeated_inside = null")
        connection.execute("update store.sources set repeat_length = null")
    assert [row[2] for row in supply(run, catalog)] == [None]
    assert run("--catalog", catalog, "supply", "--format", "json").json["total"]["tokens_repeated_inside"] is None
    assert "own documents" not in run("--catalog", catalog, "supply").err

    write_jsonl(tmp_path / "old" / "y.jsonl", PAGES)
    run("--catalog", catalog, "ingest", tmp_path / "old", "--domain", "web", "--repeat-length", 30)
    measured = [row[3] for row in ask(catalog, REPEATED)]
    assert (measured[:5], None in measured[5:]) == ([None] * 5, False)
    assert ask(catalog, "select repeat_length from sources") == [(30,)]


def test_documents_of_token_ids_are_null(run: Run, tmp_path: Path) -> None:
    store = write_megatron(tmp_path / "store.bin", [[[1, 2, 3]], [[4]]])
    catalog = tmp_path / "c.duckdb"
    run("--catalog", catalog, "ingest", store, "--domain", "web", "--tokenizer", "cl100k_base")

    assert [row[3] for row in ask(catalog, REPEATED)] == [None, None]
    assert [row[2] for row in supply(run, catalog)] == [None]


def test_much_repetition_is_warned_of_by_domain(run: Run, tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    write_jsonl(tmp_path / "a" / "x.jsonl", [PAGES[0], *(text(seed) for seed in range(10, 30))], kind=["k"] * 21)
    write_jsonl(tmp_path / "b" / "x.jsonl", [PAGES[0], text(50)], kind=["k", "l"])
    few = ingested(run, "--catalog", catalog, tmp_path / "a", "--domain", "books", "--label", "kind=kind")
    many = ingested(run, "--catalog", catalog, tmp_path / "b", "--domain", "web", "--label", "kind=kind")
    own, lists = "tokens of web (", "repeat inside their own documents (`tokaudit query repeated_inside"

    assert (few["warnings"], [own in each and lists in each for each in many["warnings"]]) == ([], [True])
    for words in ([], ["--by", "source"], ["--by", "kind"], ["--where", "kind >= 'k'"]):
        said = run("--catalog", catalog, "supply", *words).err
        assert (own in said, "tokens of books" in said) == (True, False)
    picked = run("--catalog", catalog, "supply", "--by", "kind", "--where", "domain = 'web'").err
    assert (lists in picked, own in picked) == (True, False)  # rows by label have no domain
    rows = supply(run, catalog, "--by", "kind")
    assert sum(row[2] for row in rows) == sum(row[2] for row in supply(run, catalog))  # type: ignore[misc]


def test_a_measured_supply_has_the_tokens_that_repeat(run: Run, tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    run("--catalog", catalog, "ingest", write_jsonl(tmp_path / "x.jsonl", PAGES), "--domain", "web")
    found = [measured_supply(catalog, None, where) for where in (None, "bytes >= 0")]

    ((_, seen, repeated),) = supply(run, catalog)
    assert [(each.domains[0].tokens_seen, each.domains[0].tokens_repeated_inside) for each in found] == [
        (seen, repeated)
    ] * 2
    assert [any("repeat inside" in warning for warning in each.warnings) for each in found] == [True] * 2


def test_the_query_lists_the_worst_documents_first(run: Run, tmp_path: Path) -> None:
    catalog = tmp_path / "c.duckdb"
    run("--catalog", catalog, "ingest", write_jsonl(tmp_path / "x.jsonl", PAGES), "--domain", "web", "--source", "s")
    rows = run("--catalog", catalog, "query", "repeated_inside", "--format", "json").json["rows"]
    plain = [plain_repeats(each, by_line=False) for each in PAGES]

    assert [row["bytes_repeated_inside"] for row in rows] == sorted(filter(None, plain), reverse=True)
    assert [row["share"] for row in rows] == [plain[row["ordinal"]] / len(PAGES[row["ordinal"]]) for row in rows]
