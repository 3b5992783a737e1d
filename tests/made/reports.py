"""Folders that other programs misread, as their users reported it in public, and what is to be found in them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from made.layouts import write_folder
from made.samples import Run, ask, ingested

ONE, TWO, THREE = (
    f"The {each} page tells a story of rivers and their bridges." for each in ("first", "second", "third")
)


@dataclass(frozen=True)
class Report:
    """A folder, and what an ingest that records bad records finds in it.

    Attributes:
        files: contents by path.
        has: strings in the order in which the texts of all documents contain them.
        lacks: strings that no text contains.
        documents: number of documents.
        codes: code of each bad record -> how many.
        left: rule -> number of parts that it leaves out, requests and the like of crawls aside.
        domain: whose cleaning and extraction is used.
    """

    files: Mapping[str, bytes]
    has: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    documents: int = 1
    codes: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    domain: str = "web"


def check_report(run: Run, report: Report) -> None:
    """Count the folder, and compare documents, their texts, bad records and what is left out."""
    write_folder(Path("given"), report.files)
    asked = ("--domain", report.domain, "--on-bad-record", "skip")
    result = ingested(run, "given", *asked, code=1 if report.codes else 0)
    codes = Counter(row["code"] for row in run("errors", "--format", "json").json["rows"])
    places = ask(Path("tokaudit.duckdb"), "select path, ordinal from documents order by all")
    text = "\n".join(run("show", path, ordinal, "--format", "json").json["text"] for path, ordinal in places)

    assert result["documents"] == len(places) == report.documents
    assert codes == report.codes
    assert {each["rule"]: each["files"] for each in result["left_out"] if each["rule"] != "record_type"} == report.left
    at = 0
    for each in report.has:
        at = text.index(each, at) + len(each)
    assert not [each for each in report.lacks if each in text]
    assert result["complete"] == (not report.codes)
