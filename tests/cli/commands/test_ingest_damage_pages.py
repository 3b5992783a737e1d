"""Damaged and odd crawls, pages and books at the command line: each is counted, left out by a rule, or a bad record."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from made.crawls import Page, crawl, html
from made.damage import Case
from made.damaged_books import BOOKS, PAGES, TEI
from made.damaged_crawls import CRAWLS
from made.samples import Run, text

from tokaudit.readers.pages import limits

pytestmark = pytest.mark.slow

CASES = {
    f"{kind}: {name}": case
    for kind, cases in (("crawl", CRAWLS), ("page", PAGES), ("book", BOOKS))
    for name, case in cases.items()
}
SECONDS = 30


def texts(run: Run) -> Iterator[str]:
    """The texts of all documents."""
    for row in run("query", "select path, ordinal from documents", "--json").json["rows"]:
        yield run("show", row["path"], row["ordinal"], "--json").json["text"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_damage_is_counted_left_out_or_said(run: Run, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.bad and case.bad[0][0] == "extraction_failed":
        monkeypatch.setattr(limits, "SECONDS", 2.0)
    folder = Path("given")
    folder.mkdir()
    (folder / case.name).write_bytes(case.data)
    domain = "books" if case.name.endswith(".epub") else "web"
    asked = (folder, "--domain", domain, "--json")
    begun = time.monotonic()
    stopped = run("--catalog", "stop.duckdb", "ingest", *asked, code=3 if case.bad else 0)
    skipped = run("ingest", *asked, "--on-bad-record", "skip", code=int(bool(case.bad)))
    errors = run("errors", "--json").json["rows"]

    assert time.monotonic() - begun < SECONDS
    assert skipped.json["documents"] == case.documents
    assert (skipped.json["bad_records"], skipped.json["complete"]) == (len(case.bad), not case.bad)
    assert [(row["code"], row["ordinal"], row["offset"]) for row in errors] == [found[:3] for found in case.bad]
    for row, (*_, why) in zip(errors, case.bad, strict=True):
        assert why in row["why"]
        assert row["code"] in run("explain", row["code"]).out
    left_out = run("query", "left_out", "--json").json["rows"]
    assert {row["rule"]: row["files"] for row in left_out} == dict(case.left_out)
    assert {group["rule"] for group in skipped.json["left_out"]} == set(case.left_out)
    if case.bad:
        assert f"{case.name}: " in stopped.err
        assert case.bad[0][3] in stopped.err
    if case.words:
        assert any(case.words in " ".join(each.split()) for each in texts(run))
    assert "Traceback" not in stopped.err + skipped.err


def test_what_is_left_out_does_not_depend_on_workers_and_batches(run: Run) -> None:
    empty = [Page(b"<html><script>" + b"x" * 900 + b"</script></html>", f"http://e.com/{n}") for n in range(700)]
    Path("a.warc").write_bytes(crawl([Page(html(text(1)), "http://e.com/first"), *empty]))
    found = []
    for workers, memory in ((1, "1GB"), (8, "1MB")):
        catalog = ("--catalog", f"{workers}.duckdb")
        given = (*catalog, "ingest", "a.warc", "--domain", "web", "--workers", workers, "--memory", memory, "--json")
        done = run(*given).json
        found.append(
            (done["left_out"], run(*catalog, "query", "select * from left_out order by all", "--json").json["rows"])
        )
    left = {row["rule"]: (row["number"], row["part"]) for row in found[0][1]}

    assert found[0] == found[1]
    assert left["no_text"] == (700, "record 6")


@pytest.mark.parametrize("name", ["book.xml", "book.tei"])
def test_xml_that_no_reader_takes_is_said_by_name(run: Run, name: str) -> None:
    folder = Path("given")
    folder.mkdir()
    (folder / name).write_text(TEI)
    alone = run("ingest", folder, "--domain", "books", code=2).err
    (folder / "a.epub").write_bytes(BOOKS["whole book"].data)
    done = run("ingest", folder, "--domain", "books", "--json", code=1).json
    (left,) = done["left_out"]

    assert f"1 {name[4:]}" in alone
    assert (done["documents"], done["complete"]) == (1, False)
    assert (left["rule"], left["suffix"], left["files"]) == ("unclaimed", name[4:], 1)
    assert left["example"].endswith(name)
