"""Refusals at the start of an ingest: what is wrong, where, and what to do."""

from pathlib import Path

import duckdb
import pytest
from made.samples import Run, ingested, text, write_jsonl


@pytest.fixture
def page(run: Run, tmp_path: Path) -> Path:
    """A file that is counted as source ``a``."""
    page = write_jsonl(tmp_path / "pages" / "x.jsonl", [text(0)])
    ingested(run, page.parent, "--domain", "web", "--source", "a")
    return page


def test_a_file_of_another_source_is_refused_with_two_ways_out(run: Run, page: Path) -> None:
    refused = run("ingest", page.parent, "--domain", "web", "--source", "b", "-q", code=2)

    assert refused.err == (
        f"tokaudit: {page}: already belongs to source 'a', and a file belongs to one source;"
        " use --source a, or run `tokaudit forget a` first\n"
    )


def test_a_source_with_blanks_is_quoted_in_advice(run: Run, page: Path) -> None:
    run("forget", "a")
    ingested(run, page.parent, "--domain", "web", "--source", "a b")
    owned = run("ingest", page.parent, "--domain", "web", "--source", "c", "-q", code=2)
    other = run("ingest", page.parent, "--domain", "mail", "--source", "a b", "-q", code=2)

    assert "use --source 'a b', or run `tokaudit forget 'a b'` first" in owned.err
    assert "or run `tokaudit forget 'a b'` first" in other.err


@pytest.mark.parametrize(
    ("options", "difference"),
    [
        (["--domain", "mail"], "--domain web, not mail"),
        (["--domain", "web", "--clean", "none"], "--clean default, not none"),
    ],
)
def test_a_source_counted_in_another_way_is_refused(run: Run, page: Path, options: list[str], difference: str) -> None:
    refused = run("ingest", page.parent, "--source", "a", "-q", *options, code=2)

    assert refused.err == (
        f"tokaudit: source 'a': was counted with {difference}; use another --source, or run `tokaudit forget a` first\n"
    )


@pytest.mark.parametrize("command", ["ingest", "retry"])
def test_a_source_cleaned_by_other_steps_is_refused(run: Run, page: Path, command: str) -> None:
    (page.parent / "y.jsonl").write_bytes(b"{}\n")
    ingested(run, page.parent, "--domain", "web", "--source", "a", "--on-bad-record", "skip", code=1)
    with duckdb.connect("tokaudit.duckdb") as connection:  # as an older version of tokaudit recorded it
        connection.execute("update store.sources set steps = ['old-step']")
    arguments = [page.parent, "--domain", "web", "--source", "a"] if command == "ingest" else []

    assert run(command, *arguments, "-q", code=2).err == (
        "tokaudit: source 'a': was counted with the cleaning steps old-step, not none;"
        " use another --source, or run `tokaudit forget a` first\n"
    )
