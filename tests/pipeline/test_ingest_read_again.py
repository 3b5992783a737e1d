"""Documents of every kind of container are found again by all that reads a source once more."""

from pathlib import Path

import pytest
from made.containers import CONTAINERS, write_container
from made.samples import Words, altered, ask, count_into, text, write_jsonl

from tokaudit.audit.answers import duplicates
from tokaudit.audit.duplicate_diffs import with_diffs
from tokaudit.audit.show import show
from tokaudit.cli.progress import ProgressReport
from tokaudit.pipeline.verify import verify

pytestmark = pytest.mark.slow

TEXTS = [text(0), text(1), altered(text(3), 2), text(2)]
BOTH = (Words(), Words("letters", "1"))


def counted(folder: Path, name: str) -> tuple[Path, Path]:
    """A catalog with texts in JSON lines, and texts like them in a container; and the path of the container."""
    catalog = folder / "x.duckdb"
    write_jsonl(folder / "lines" / "x.jsonl", [altered(text(0), 2), text(3), text(9)])
    count_into(catalog, folder / "lines", "web")
    path = write_container(folder / "packed", name, TEXTS)
    found = count_into(catalog, path.parent, "web")
    assert (found.documents, found.complete) == (len(TEXTS), True)
    return catalog, path


@pytest.mark.parametrize("name", CONTAINERS)
def test_near_duplicates_across_containers_are_read_again(tmp_path: Path, name: str) -> None:
    catalog, path = counted(tmp_path, name)
    pairs = ask(catalog, "select how, round(similarity, 2) from pairs")
    with ProgressReport(quiet=True) as report:
        verified = verify(catalog, None, 1.0, 2, report)
    diffs = [row["diff"] for row in with_diffs(catalog, duplicates(catalog, 9, None)).rows]

    assert pairs == [("reread", 0.84)] * 2
    assert (verified.differences, verified.unverified, verified.documents_verified) == ([], [], 7)
    assert [show(catalog, str(path), ordinal)["text"] for ordinal in range(4)] == TEXTS
    assert ["changed0" in diff for diff in diffs] == [True, True]


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_is_added_later_is_as_if_it_had_been_asked_for_at_first(tmp_path: Path, name: str) -> None:
    wanted = "select ordinal, d.bytes, tokenizer, tokens from documents d join token_counts using (path, ordinal)"
    labels = "select ordinal, name, value from labels order by all"
    path = write_container(tmp_path / "s", name, TEXTS)
    once, later = tmp_path / "once.duckdb", tmp_path / "later.duckdb"
    count_into(once, path.parent, "web", counters=BOTH, labels={"licence": "licence"})
    count_into(later, path.parent, "web", labels={})
    before = ask(later, "select * from documents order by all")
    count_into(later, path.parent, "web", counters=BOTH[1:])
    count_into(later, path.parent, "web", labels={"licence": "licence"})

    assert ask(later, "select * from documents order by all") == before
    assert ask(later, wanted + " order by all") == ask(once, wanted + " order by all")
    assert ask(later, labels) == ask(once, labels)
    assert len(ask(once, wanted)) == 8
