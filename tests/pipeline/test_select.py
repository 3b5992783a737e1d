"""Which files are counted, with which reader."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.select import select


def readers(*paths: Path, domain: str = "web", reader: str = "auto") -> dict[str, str]:
    selected, _ = select([str(path) for path in paths], ingester_of(domain), reader)
    return {item.file.name: item.reader for item in selected}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a file of each kind."""
    for name, content in {
        "a.jsonl": '{"text": "x"}\n',
        "b.txt": "text",
        "c.weird": '{"text": "x"}\n',
        "d.png": "no text to speak of",
        "e.json": '{"text": "x"}\n',
        "f.json": '[{"text": "x"}]',
    }.items():
        (tmp_path / "mixed").mkdir(exist_ok=True)
        (tmp_path / "mixed" / name).write_text(content)
    return tmp_path / "mixed"


def test_of_a_folder_the_ingester_takes_what_it_knows_and_the_rest_is_left_out_by_rule(mixed: Path) -> None:
    _, left = select([str(mixed)], ingester_of("web"), "auto")

    assert readers(mixed) == {"a.jsonl": "jsonl", "b.txt": "text", "e.json": "jsonl"}
    assert {Path(item.path).name: item.rule for item in left} == dict.fromkeys(
        ["c.weird", "d.png", "f.json"], "unknown_format"
    )


def test_a_file_that_is_named_is_counted_by_what_is_in_it(mixed: Path) -> None:
    assert readers(mixed / "c.weird", mixed / "d.png", domain="code") == {"c.weird": "jsonl", "d.png": "text"}


def test_a_reader_that_is_asked_for_reads_all_files(mixed: Path) -> None:
    assert set(readers(mixed, reader="text").values()) == {"text"}
    assert len(readers(mixed, reader="text")) == 6


def test_an_unknown_reader_is_refused_before_anything_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown reader 'jsonlines'.*known: .*jsonl"):
        select([str(tmp_path / "nothing")], ingester_of("web"), "jsonlines")


def test_a_domain_of_the_users_own_takes_what_the_general_ingester_takes(mixed: Path) -> None:
    assert readers(mixed, domain="recipes") == readers(mixed, domain="web")


def test_a_small_file_read_to_choose_its_reader_keeps_its_bytes_until_they_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.py").write_bytes(name.encode() * 10)
    monkeypatch.setattr("tokaudit.pipeline.select.HELD_BYTES", 11)
    selected, left = select([str(tmp_path)], ingester_of("code"), "auto")

    assert [chosen.file.data for chosen in selected] == [b"a" * 10, b"b" * 10, None]
    assert left == []
    assert [chosen.file.data for chosen in select([str(tmp_path)], ingester_of("code"), "text")[0]] == [None] * 3
