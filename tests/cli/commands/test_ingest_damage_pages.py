"""Damaged and odd crawls, pages and books at the command line: each is counted, left out by a rule, or a bad record."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pytest
from made.crawls import Page, crawl, html
from made.damage import Case
from made.damaged_books import BOOKS, PAGES, TEI
from made.damaged_crawls import CRAWLS
from made.samples import Run, text

from tokaudit.core.bad_codes import EXPLANATIONS
from tokaudit.readers.pages import limits

pytestmark = pytest.mark.slow

CASES: Final = {
    f"{kind}: {name}": case
    for kind, cases in (("crawl", CRAWLS), ("page", PAGES), ("book", BOOKS))
    for name, case in cases.items()
}
ENDLESS: Final = {name for name, case in CASES.items() if case.bad and case.bad[0][0] == "extraction_failed"}
FIRST_OF_CODE: Final = {case.bad[0][0]: case for name, case in CASES.items() if case.bad and name not in ENDLESS}
SECONDS: Final = 120
Rows = list[dict[str, Any]]


class Found:
    """What the catalog has after all cases were ingested, bad records skipped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths: dict[str, Path] = {}
        for number, (name, case) in enumerate(CASES.items()):
            if name not in ENDLESS:
                path = folder / domain_of(case) / str(number) / case.name
                path.parent.mkdir(parents=True)
                path.write_bytes(case.data)
                self.paths[name] = path
        begun = time.monotonic()
        for domain in ("web", "books"):
            self.ask("ingest", folder / domain, "--domain", domain, "--on-bad-record", "skip", code=1)
        self.seconds = time.monotonic() - begun
        self.bad = by_path(self.ask("errors")["rows"])
        self.documents = by_path(self.query("select path, ordinal from documents order by all"))
        self.left_out = by_path(
            self.query("select path, rule, sum(number)::bigint as number from left_out group by all")
        )

    def ask(self, *arguments: object, code: int = 0) -> Any:
        """The JSON that the program prints."""
        command = [sys.executable, "-m", "tokaudit", *map(str, arguments), "--json"]
        done = subprocess.run(command, cwd=self.folder, check=False, capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout)

    def query(self, sql: str) -> Rows:
        """The rows of a statement."""
        rows: Rows = self.ask("query", sql, "--max-rows", 100_000)["rows"]
        return rows


def domain_of(case: Case) -> str:
    return "books" if case.name.endswith(".epub") else "web"


def by_path(rows: Rows) -> Mapping[str, Rows]:
    """The rows of each file."""
    ordered = sorted(rows, key=lambda row: row["path"])
    return {path: list(of_path) for path, of_path in groupby(ordered, key=lambda row: row["path"])}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What the program made of all cases together."""
    return Found(tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize("name", [name for name in CASES if name not in ENDLESS])
def test_damage_is_counted_left_out_or_said(run: Run, found: Found, name: str) -> None:
    case, path = CASES[name], str(found.paths[name])
    bad = found.bad.get(path, [])

    assert len(found.documents.get(path, [])) == case.documents
    assert [(row["code"], row["ordinal"], row["offset"]) for row in bad] == [expected[:3] for expected in case.bad]
    for row, (*_, why) in zip(bad, case.bad, strict=True):
        assert why in row["why"]
        assert row["code"] in EXPLANATIONS
    assert {row["rule"]: row["number"] for row in found.left_out.get(path, [])} == dict(case.left_out)
    if case.words:
        catalog = ("--catalog", found.folder / "tokaudit.duckdb", "show", path)
        shown = [run(*catalog, row["ordinal"], "--json").json["text"] for row in found.documents[path]]
        assert any(case.words in " ".join(each.split()) for each in shown)


def test_no_damage_takes_long(found: Found) -> None:
    assert found.seconds < SECONDS


@pytest.mark.parametrize("code", FIRST_OF_CODE)
def test_each_kind_of_damage_stops_an_ingest_that_skips_nothing(run: Run, code: str) -> None:
    case = FIRST_OF_CODE[code]
    Path(case.name).write_bytes(case.data)

    stopped = run("ingest", case.name, "--domain", domain_of(case), code=3).err

    assert f"{case.name}: " in stopped
    assert case.bad[0][3] in stopped
    assert code in run("explain", code).out


@pytest.mark.parametrize("name", sorted(ENDLESS))
def test_an_endless_page_is_given_up(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(limits, "SECONDS", 2.0)
    case = CASES[name]
    Path(case.name).write_bytes(case.data)

    done = run("ingest", case.name, "--domain", "web", "--on-bad-record", "skip", "--json", code=1).json
    (bad,) = run("errors", "--json").json["rows"]

    assert (done["documents"], bad["code"], bad["ordinal"]) == (case.documents, *case.bad[0][:2])
    assert case.bad[0][3] in bad["why"]


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
