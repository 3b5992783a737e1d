"""Pages at the command line: counted, shown, compared and counted again."""

import os
import random
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from made.pages import MENU, extracted_otherwise, page, write_pages
from made.samples import Run, altered, ask, ingested, text, write_jsonl

from tokaudit.core.extraction import Extraction
from tokaudit.readers.pages import workers
from tokaudit.readers.processes.worker import Pool

pytestmark = pytest.mark.slow

CATALOG = Path("tokaudit.duckdb")
DOCUMENTS = "select bytes, words, counts_exact, counts from documents order by all"
TOKENS = "select tokenizer, tokens, count(*) from token_counts group by all order by all"
OTHER = "extracted by resiliparse 1.0: main content, and this would be resiliparse 2"

INTERRUPTED = """
import sys
from tokaudit.cli.app import run
from tokaudit.readers.pages import workers
from tokaudit.readers.processes.worker import Pool
workers.IDLE = Pool("made.strange_pages")
sys.argv = ["tokaudit", *sys.argv[1:]]
run()
"""


def shown(run: Run, path: object) -> str:
    """The text of the first document of a file."""
    done: str = run("show", path, 0, "--json").json["text"]
    return done


@pytest.mark.parametrize(
    ("domain", "clean", "menu"),
    [
        ("web", "default", False),
        ("of-my-own", "default", False),
        ("books", "default", True),
        ("web", "none", True),
        ("books", "none", True),
    ],
)
def test_the_domain_and_clean_decide_what_counts_of_a_page(run: Run, domain: str, clean: str, menu: bool) -> None:
    write_pages(Path("p"), 3)
    done = ingested(run, "p", "--domain", domain, "--clean", clean)
    found = [word for word in shown(run, "p/0001.html").split() if word.isalnum()]  # without bullets
    identity = Extraction(main_content=not menu, front_matter=clean == "none").identity

    assert (done["files"], done["documents"], done["complete"], done["left_out"]) == (3, 3, True, [])
    assert [word for word in found if word not in MENU.split()] == text(1).split()
    assert set(MENU.split()) <= set(found) if menu else not set(MENU.split()) & set(found)
    assert ask(CATALOG, "select distinct extractor from files") == [(identity,)]
    assert ask(CATALOG, "select settings->>'extractor' from ingests") == [(identity,)]


def test_an_ingest_without_pages_records_no_extractor(run: Run) -> None:
    write_jsonl(Path("p/a.jsonl"), ["one"])
    ingested(run, "p", "--domain", "web")

    assert ask(CATALOG, "select settings->>'extractor', extractor from ingests, files") == [(None, None)]


def test_workers_memory_and_archives_change_no_number(run: Run, tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "p", 180)
    for number in range(20):
        (folder / f"x{number}.html").write_bytes(page(altered(text(number), 2) if number % 2 else ""))
    with tarfile.open(tmp_path / "p.tar", "w") as tar, zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
        for file in sorted(folder.iterdir()):
            tar.add(file, f"p/{file.name}")
            packed.write(file, f"p/{file.name}")
    found = []
    for place, count in (("p", 1), ("p", 2), ("p", 8), ("p.tar", 1), ("p.tar", 8), ("p.zip", 2)):
        catalog = tmp_path / f"{place}-{count}.duckdb"
        asked = ["--domain", "web", "--source", "s", "--workers", count, "--memory", "20MB"]
        done = ingested(run, "--catalog", catalog, tmp_path / place, *asked)
        without = [(group["rule"], group["files"]) for group in done["left_out"]]
        found.append((done["documents"], without, ask(catalog, DOCUMENTS), ask(catalog, TOKENS)))

    assert found == [found[0]] * len(found)
    assert found[0][:2] == (190, [("no_text", 10)])
    assert sum(not counts for *_, counts in found[0][2]) == 10


def test_a_tokenizer_is_added_from_the_pages(run: Run) -> None:
    write_pages(Path("p"), 5)
    ingested(run, "p", "--domain", "web")
    added = ingested(run, "p", "--domain", "web", "--tokenizer", "o200k_base")
    run("--catalog", "both.duckdb", "ingest", "p", "--domain", "web", "--tokenizer", "o200k_base", "-q")

    assert added["documents"] == 5
    assert added["tokens"]["o200k_base"] == ask(Path("both.duckdb"), "select sum(tokens) from token_counts")[0][0]


def test_what_was_counted_can_be_verified_estimated_and_compared(run: Run) -> None:
    write_pages(Path("p"), 4)
    Path("p/near.html").write_bytes(page(altered(text(1), 2)))
    Path("p/empty.html").write_bytes(b"<html><script>1</script></html>")
    rows = run("estimate", "p", "--domain", "web", "--json").json["rows"]
    estimated = {row["quantity"]: row["value"] for row in rows}
    ingested(run, "p", "--domain", "web")
    verified = run("verify", "--json").json
    (row,) = run("duplicates", "--diff", "--json").json["rows"]

    assert estimated["documents"] == 5
    assert (verified["complete"], verified["documents_verified"], verified["rows"]) == (True, 5, [])
    assert (row["kind"], row["path"].rpartition("/")[2]) == ("near", "near.html")
    assert "changed0" in row["diff"]
    Path("p/0000.html").write_bytes(page("other words"))
    differences = run("verify", "--json", code=1).json["rows"]
    assert {each["kind"] for each in differences} == {"changed", "different"}
    assert "has changed since it was counted" in run("show", "p/0000.html", 0, code=3).err


def test_near_duplicates_are_read_again_from_pages(run: Run) -> None:
    write_pages(Path("p"), 6)
    ingested(run, "p", "--domain", "web")
    write_jsonl(Path("q/a.jsonl"), [altered(text(number), 2) for number in range(6)])
    done = ingested(run, "q", "--domain", "web")

    assert ask(CATALOG, "select how, count(*) from pairs group by all") == [("reread", 6)]
    assert done["warnings"] == []


def test_another_extractor_refuses_what_would_mix_two(run: Run) -> None:
    write_pages(Path("p"), 2)
    ingested(run, "p", "--domain", "web")
    extracted_otherwise(CATALOG, "p")

    assert ingested(run, "p", "--domain", "web")["files_unchanged"] == 2
    assert OTHER in run("ingest", "p", "--domain", "web", "--tokenizer", "o200k_base", code=2).err
    write_pages(Path("p"), 1, first=7)
    refused = run("ingest", "p", "--domain", "web", code=2).err
    assert OTHER in refused
    assert "install that version, or run `tokaudit forget p`" in refused
    assert ask(CATALOG, "select count(*) from files") == [(2,)]
    run("forget", "p")
    assert ingested(run, "p", "--domain", "web")["documents"] == 3


def test_another_extractor_leaves_files_unverified_and_is_shown(run: Run) -> None:
    write_pages(Path("p"), 2)
    ingested(run, "p", "--domain", "web")
    extracted_otherwise(CATALOG, "p")
    verified = run("verify", "--json", code=1)

    assert verified.json["files_verified"] == 0
    assert OTHER in verified.out + verified.err
    assert shown(run, "p/0001.html").split() == text(1).split()  # it gives the same text as before
    Path("p/0001.html").write_bytes(page("other words"))
    refused = run("show", "p/0001.html", 0, code=3).err
    assert OTHER in refused
    assert "install the version that counted it" in refused


def test_another_extractor_refuses_to_retry_failed_pages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(workers, "IDLE", Pool("made.strange_pages"))
        for number, content in enumerate((b"a text", b"CRASH")):
            Path("p").mkdir(exist_ok=True)
            Path(f"p/{number}.html").write_bytes(content)
        ingested(run, "p", "--domain", "web", "--on-bad-record", "skip", code=1)
    (row,) = run("errors", "--json").json["rows"]
    assert (row["code"], row["ordinal"]) == ("extraction_failed", 0)
    extracted_otherwise(CATALOG, "p")
    assert OTHER in run("retry", code=2).err


def test_a_page_that_crashes_the_extractor_is_a_bad_record(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "IDLE", Pool("made.strange_pages"))
    Path("p").mkdir()
    for number in range(10):
        Path(f"p/{number}.html").write_bytes(b"CRASH" if number == 5 else b"page %d" % number)
    stopped = run("ingest", "p", "--domain", "web", code=3)
    done = ingested(run, "p", "--domain", "web", "--on-bad-record", "skip", code=1)
    Path("p/5.html").write_bytes(b"a whole page")
    again = run("retry", "--json").json

    assert "p/5.html: its text can't be extracted: the extractor crashed (SIGSEGV)" in stopped.err
    assert "--on-bad-record skip" in stopped.err
    assert (done["documents"], done["bad_records"]) == (9, 1)
    assert (again["rows"][0]["documents"], again["complete"]) == (1, True)
    assert "extractor" in run("explain", "extraction_failed").out


def test_pages_of_another_source_that_were_extracted_otherwise_are_said(run: Run) -> None:
    write_pages(Path("p"), 2)
    ingested(run, "p", "--domain", "web")
    extracted_otherwise(CATALOG, "p")
    write_jsonl(Path("q/a.jsonl"), [altered(text(0), 3)])
    done = ingested(run, "q", "--domain", "web")
    again = ingested(run, "q", "--domain", "web")

    (warning,) = done["warnings"]
    assert warning.startswith("the pages of source 'p' were " + OTHER)
    assert again["warnings"] == []


def test_a_saved_site_is_complete_without_its_scripts(run: Run, tmp_path: Path) -> None:
    site = write_pages(tmp_path / "site", 2)
    (site / "style.css").write_text("a {}")
    (site / "0000_files").mkdir()
    (site / "0000_files" / "app.js").write_text("go()")
    with tarfile.open(tmp_path / "site.tar", "w") as tar, tarfile.open(tmp_path / "code.tar", "w") as other:
        tar.add(site, "site")
        other.add(site / "style.css", "style.css")
        other.add(write_jsonl(tmp_path / "a.jsonl", ["a"]), "a.jsonl")
    folder = ingested(run, site, "--domain", "web")
    archive = ingested(run, tmp_path / "site.tar", "--domain", "web", "--source", "t")
    without = ingested(run, tmp_path / "code.tar", "--domain", "web", "--source", "u", code=1)

    for done in (folder, archive):
        assert {(group["rule"], group["suffix"]) for group in done["left_out"]} == {
            ("page_assets", ".css"),
            ("page_assets", ".js"),
        }
        assert (done["documents"], done["complete"]) == (2, True)
    assert [(group["rule"], group["suffix"]) for group in without["left_out"]] == [("unclaimed", ".css")]
    assert "page_assets" in run("explain", "page_assets").out


def mutated(chance: random.Random, data: bytes) -> Iterator[bytes]:
    """Damaged variants of a page."""
    place, other = sorted(chance.sample(range(1, len(data)), 2))
    yield data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
    yield data[:place]
    yield data[:place] + data[other:]
    yield data[other:]
    yield data[:place] + bytes(20) + data[place:]
    yield data[:place] + b"<b>" * 2_000 + data[place:]
    yield data[:place] + b"<!--" + data[place:]
    yield data[:place] + chance.randbytes(200) + data[other:]
    yield data.replace(b"</", b"<")
    yield data.decode().encode("utf-16")


def test_damaged_pages_are_text_or_a_reason_and_end_nothing(run: Run) -> None:
    chance = random.Random(1)
    Path("p").mkdir()
    pages = [damaged for seed in range(8) for damaged in mutated(chance, page(text(seed)))]
    for number, damaged in enumerate(pages):
        Path(f"p/{number:03}.html").write_bytes(damaged)
    done = run("ingest", "p", "--domain", "web", "--on-bad-record", "skip", "--json").json
    without = {group["rule"]: group["files"] for group in done["left_out"]}

    assert (len(pages), done["files"], done["bad_records"]) == (80, 80, 0)
    assert done["documents"] + without.pop("no_text", 0) == 80
    assert without == {}
    assert done["documents"] > 60


def test_a_page_of_frames_or_scripts_alone_is_left_out(run: Run) -> None:
    Path("p").mkdir()
    Path("p/frames.html").write_bytes(
        b"<html><frameset cols=50%,50%><frame src=a.html><frame src=b.html></frameset></html>"
    )
    Path("p/template.html").write_bytes(b"<html><body><script type=text/x-handlebars-template><p>Words</p></script>")
    write_pages(Path("p"), 1)
    for clean in ("default", "none"):
        done = ingested(
            run, "p", "--domain", "web", "--source", clean, "--clean", clean, "--catalog", f"{clean}.duckdb"
        )
        assert (done["documents"], done["complete"]) == (1, True)
        assert [(group["rule"], group["files"]) for group in done["left_out"]] == [("no_text", 2)]


def test_labels_are_fields_of_the_head(run: Run) -> None:
    write_pages(Path("p"), 1)
    ingested(run, "p", "--domain", "web", "--label", "name=title", "--label", "tongue=language", "--label", "x=none")

    assert ask(CATALOG, "select name, value from labels order by all") == [("name", "A title"), ("tongue", "en")]


def test_processes_that_cannot_be_started_are_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pages(Path("p"), 2)
    monkeypatch.setattr(workers, "IDLE", Pool("made.no_such_module"))
    failed = run("ingest", "p", "--domain", "web", "-q", code=3)

    assert failed.err.strip() == (
        "tokaudit: the system refused: a process that reads for tokaudit can't be started (exit code 1)"
    )
    monkeypatch.undo()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_ctrl_c_while_a_page_never_ends_ends_all_processes(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"LOOP")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    catalog = tmp_path / "c.duckdb"
    program = subprocess.Popen(
        [
            sys.executable,
            "-c",
            INTERRUPTED,
            "--catalog",
            str(catalog),
            "-q",
            "ingest",
            str(tmp_path),
            "--domain",
            "web",
        ],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    children = Path(f"/proc/{program.pid}/task")
    ends = time.monotonic() + 30
    found: list[str] = []
    while not found and time.monotonic() < ends:
        time.sleep(0.1)
        found = [pid for task in children.iterdir() for pid in (task / "children").read_text().split()]
    time.sleep(1)
    os.killpg(program.pid, signal.SIGINT)
    begun = time.monotonic()
    _, said = program.communicate(timeout=20)

    assert time.monotonic() - begun < 4
    assert program.returncode == 130
    assert said.splitlines()[-1].startswith("tokaudit: interrupted;")
    assert "Traceback" not in said
    time.sleep(0.3)
    assert not any(
        Path(f"/proc/{pid}").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text() for pid in found
    )
    assert found
