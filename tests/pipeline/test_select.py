"""Which files are counted, with which reader."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.select import Selection, select


def readers(*paths: Path, domain: str = "web", reader: str = "auto") -> dict[str, str]:
    selected, _ = select(Selection([str(path) for path in paths], reader), ingester_of(domain))
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
        "g.odd": "looks like text",
    }.items():
        (tmp_path / "mixed").mkdir(exist_ok=True)
        (tmp_path / "mixed" / name).write_text(content)
    return tmp_path / "mixed"


def test_files_in_a_folder_are_taken_or_left_out_by_rule(mixed: Path) -> None:
    _, left = select(Selection([str(mixed)]), ingester_of("web"))

    assert readers(mixed) == {
        "a.jsonl": "jsonl",
        "b.txt": "text",
        "c.weird": "jsonl",
        "e.json": "jsonl",
        "f.json": "json",
    }
    assert {Path(item.path).name: item.rule for item in left} == {"d.png": "binary", "g.odd": "unclaimed"}


def test_the_content_of_a_named_file_decides_on_its_reader(mixed: Path) -> None:
    assert readers(mixed / "c.weird", mixed / "d.png", domain="code") == {"c.weird": "jsonl", "d.png": "text"}


def test_a_named_reader_reads_all_files(mixed: Path) -> None:
    assert set(readers(mixed, reader="text").values()) == {"text"}
    assert len(readers(mixed, reader="text")) == 7


def test_an_unknown_reader_is_refused_before_files_are_listed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown reader 'jsonlines'.*known: .*jsonl"):
        select(Selection([str(tmp_path / "nothing")], "jsonlines"), ingester_of("web"))


def test_a_custom_domain_uses_the_general_ingester(mixed: Path) -> None:
    assert readers(mixed, domain="recipes") == readers(mixed, domain="web")


def test_bytes_read_to_choose_a_reader_are_kept_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / f"{name}.py").write_bytes(name.encode() * 10)
    monkeypatch.setattr("tokaudit.pipeline.select.KEPT_BYTES", 11)
    selected, left = select(Selection([str(tmp_path)]), ingester_of("code"))

    assert [chosen.file.data for chosen in selected] == [b"a" * 10, b"b" * 10, None]
    assert left == []
    assert [chosen.file.data for chosen in select(Selection([str(tmp_path)], "text"), ingester_of("code"))[0]] == [
        None
    ] * 3
