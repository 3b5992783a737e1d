"""The supply in a catalog."""

import shutil
import zipfile
from pathlib import Path

import pytest
from made.samples import Counted, count_into, overlapping_sources, write_jsonl

from tokaudit.audit.answers import supply
from tokaudit.audit.compare.measured_source import Amount, CountedText, LeftOutFiles, measured_source
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.core.errors import UsageError
from tokaudit.supply.measured import measured_supply
from tokaudit.supply.types import DomainSupply


def test_domains_that_share_text_have_a_low_bound(counted: Counted) -> None:
    measured = measured_supply(counted.catalog, None)

    found = [(entry.domain, entry.tokens_unique, entry.tokens_unique_low) for entry in measured.domains]
    assert found == [("books", 240, 120), ("code", 8, None), ("web", 242, 122)]
    assert measured.tokenizer == "words"
    assert str(counted.catalog) in measured.origin
    assert any("120 tokens are counted in more than one domain" in warning for warning in measured.warnings)
    assert any("1 bad record in 1 file" in warning for warning in measured.warnings)


@pytest.mark.slow
def test_a_plan_uses_the_tokens_that_supply_shows(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    overlapping_sources(catalog, tmp_path)
    shown, measured = supply(catalog, "domain", None), measured_supply(catalog, None)
    unique = {row["domain"]: row["tokens_unique"] for row in shown.rows}
    twice = sum(unique.values()) - shown.extra["total"]["tokens_unique"]

    assert twice > 0
    assert unique["empty"] == 0
    assert [(entry.domain, entry.tokens_unique) for entry in measured.domains] == list(unique.items())
    assert f"domains overlap: {twice:,} tokens are counted in more than one domain" in measured.warnings


@pytest.mark.slow
def test_domains_that_share_no_text_have_no_low_bound_and_no_warning(tmp_path: Path) -> None:
    for name in ("web", "books"):
        write_jsonl(tmp_path / name / "x.jsonl", [f"a text about {name}"])
        count_into(tmp_path / "x.duckdb", tmp_path / name, name)
    measured = measured_supply(tmp_path / "x.duckdb", None)

    assert measured.domains == (
        DomainSupply("books", 4, None, None, 18, {"words": 4}, tokens_seen=4, tokens_repeated_inside=0),
        DomainSupply("web", 4, None, None, 16, {"words": 4}, tokens_seen=4, tokens_repeated_inside=0),
    )
    assert measured.warnings == ()


def test_tokenizers_that_counted_all_of_a_domain_are_given(counted: Counted, tmp_path: Path) -> None:
    copy = Path(shutil.copy(counted.catalog, tmp_path / "copy.duckdb"))
    with write_transaction(copy) as connection:
        connection.execute("insert into store.tokenizers values (1, 'whole', 'ee', 'x'), (2, 'part', 'ff', 'x')")
        connection.execute("insert into store.token_counts_here select document, 1, 3 * tokens from store.token_counts")
        connection.execute(
            "insert into store.token_counts_here select document, 2, tokens from store.token_counts c"
            " join store.documents using (document) join store.files using (file)"
            " where tokenizer = 0 and source <> 'blog' and path not like"
            " '%pages%'"
        )
    books, code, web = measured_supply(copy, "words").domains

    assert books.tokens_by == {"part": 240, "whole": 720, "words": 240}
    assert code.tokens_by == {"part": 8, "whole": 24, "words": 8}
    assert web.tokens_by == {"whole": 726, "words": 242}
    assert code.bytes_unique == 42


def test_an_empty_catalog_is_a_supply_without_domains(tmp_path: Path) -> None:
    with exclusive_writer(tmp_path / "empty.duckdb"):
        pass
    assert measured_supply(tmp_path / "empty.duckdb", None).domains == ()


def test_a_source_has_counts_of_tokenizers_that_counted_all_of_it(counted: Counted, tmp_path: Path) -> None:
    copy = Path(shutil.copy(counted.catalog, tmp_path / "copy.duckdb"))
    with write_transaction(copy) as connection:
        connection.execute("insert into store.tokenizers values (1, 'whole', 'ee', 'x'), (2, 'part', 'ff', 'x')")
        connection.execute("insert into store.token_counts_here select document, 1, 3 * tokens from store.token_counts")
        connection.execute("insert into store.token_counts_here select min(document), 2, 1 from store.token_counts")
    found = measured_source(copy, "web", "words")

    assert found.texts == {
        "words": CountedText(Amount(5, 2459, 362), Amount(5, 2459, 362), Amount(4, 1643, 242)),
        "whole": CountedText(Amount(5, 2459, 1086), Amount(5, 2459, 1086), Amount(4, 1643, 726)),
    }
    assert (found.domain, found.tokenizer, found.text_field, found.warnings) == ("web", "words", "text", ())


@pytest.mark.slow
def test_a_source_knows_its_missing_text(counted: Counted, tmp_path: Path) -> None:
    web, code = (measured_source(counted.catalog, name, None) for name in ("web", "code"))

    assert (web.bad_records, web.bad_files) == (1, 0)
    assert web.left_out == (LeftOutFiles("unclaimed", 1, 3),)
    assert (code.bad_records, code.left_out) == (0, (LeftOutFiles("vcs", 1, None),))
    assert measured_source(counted.catalog, "books", None).steps == ("gutenberg-header-and-licence-2",)

    write_jsonl(tmp_path / "cut" / "x.jsonl", ["a text"])
    (tmp_path / "cut" / "y.jsonl.gz").write_bytes(b"\x1f\x8b no gzip")
    (tmp_path / "cut" / "z.unheard").write_text("<p>")
    (tmp_path / "cut" / "gone.unheard").write_text("<p>")
    (tmp_path / "cut" / "link.unheard").symlink_to("z.unheard")
    count_into(tmp_path / "x.duckdb", tmp_path / "cut", "web")
    (tmp_path / "cut" / "gone.unheard").unlink()
    cut = measured_source(tmp_path / "x.duckdb", "cut", None)
    assert (cut.bad_records, cut.bad_files, cut.bad_files_bytes) == (0, 1, 10)
    assert cut.left_out == (LeftOutFiles("link", 1, None), LeftOutFiles("unclaimed", 2, 6))


@pytest.mark.slow
def test_what_is_left_out_of_archives_is_as_large_as_its_members(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    with zipfile.ZipFile(tmp_path / "s" / "a.zip", "w") as archive:
        archive.writestr("a.txt", "a text" * 1000)
        archive.writestr("a.png", b"123")
        archive.writestr("b.png", b"4567")
    (tmp_path / "s" / "c.png").write_bytes(b"89")
    count_into(tmp_path / "x.duckdb", tmp_path / "s", "web")
    found = measured_source(tmp_path / "x.duckdb", "s", None)

    assert found.left_out == (LeftOutFiles("binary", 3, 9),)
    with write_transaction(tmp_path / "x.duckdb") as connection:  # as older versions left it
        connection.execute("update store.left_out set bytes = null")
    assert measured_source(tmp_path / "x.duckdb", "s", None).left_out == (LeftOutFiles("binary", 3, 9),)


def test_an_unknown_source_and_a_running_ingest_are_reported(counted: Counted, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown source 'x' .*blog, books, code, web"):
        measured_source(counted.catalog, "x", None)
    copy = Path(shutil.copy(counted.catalog, tmp_path / "copy.duckdb"))
    with write_transaction(copy) as connection:
        connection.execute("update store.derived set fresh = false")
    assert "groups of duplicates are not final" in measured_source(copy, "blog", None).warnings[0]


@pytest.mark.slow
def test_a_source_without_documents_is_empty(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "full" / "x.jsonl", ["a text"])
    write_jsonl(tmp_path / "bare" / "x.jsonl", [])
    (tmp_path / "bare" / "x.jsonl").write_text('{"text": 1}\n')
    for name in ("full", "bare"):
        count_into(tmp_path / "x.duckdb", tmp_path / name, "web")
    assert measured_source(tmp_path / "x.duckdb", "bare", None).text.seen == Amount(0, 0, 0)
