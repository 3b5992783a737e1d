"""Catalogs that were counted apart and merged equal the catalog into which all was counted."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from made.samples import Words, altered, ask, count_into, text, write_jsonl
from made.scenarios import BAD, answers, unnamed_files

from tokaudit.audit import answers as asked
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.delete import delete_source
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.move_rows import move_rows
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.core.logged_progress import LoggedProgress
from tokaudit.core.progress import ignore
from tokaudit.core.types import UInt64
from tokaudit.dedup.reread import read_again
from tokaudit.pipeline.forget import forget
from tokaudit.pipeline.merge import MergeResult, merge
from tokaudit.pipeline.verify import verify as verify_files

pytestmark = pytest.mark.slow

LETTERS: Final = Words("letters", "1")
TWO: Final = (Words(), LETTERS)
SOURCES: Final = {"pages": "web", "novels": "books"}
"""Source -> domain."""
ALL: Final = [f"{source}/{number}.jsonl" for source in SOURCES for number in range(3)]
SPLITS: Final[dict[str, list[list[str]]]] = {
    "sources": [ALL[:2], ALL[2:]],
    "files of each source": [ALL[::2], ALL[1::2]],
    "three that overlap": [ALL[:3], ALL[2:5], ALL[4:]],
    "one within the other": [ALL[2:3], ALL],
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per source with two files each: texts are in several of them, unchanged or altered."""
    folder = tmp_path_factory.mktemp("corpus")
    texts = [text(seed) for seed in range(6)]
    for seed, name in enumerate(ALL):
        alike = [altered(texts[(seed + step) % 6], (seed + step) % 4) + f" end{seed}" for step in (1, 2, 4)]
        mine = [texts[seed], texts[(seed + 3) % 6], *alike, text(100 + seed)]
        file = write_jsonl(folder / name, mine, quality=[seed, None, seed + 1, 7, None, 8])
        if seed % 4 == 0:
            file.write_text(file.read_text() + BAD)
        (file.parent / "page.unheard").write_text("<p>")
    return folder


def count_files(catalog: Path, corpus: Path, files: Sequence[str], counters: Sequence[Words] = TWO) -> Path:
    """Count some files of the corpus, each into the source of its folder."""
    for source, domain in SOURCES.items():
        mine = tuple(name.partition("/")[2] for name in files if name.startswith(f"{source}/"))
        if mine:
            count_into(catalog, corpus / source, domain, counters, include=mine, labels={"quality": "quality"})
    return catalog


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answers of the catalog into which all files were counted."""
    return answers(count_files(tmp_path_factory.mktemp("whole") / "x.duckdb", corpus, ALL))


@pytest.fixture(scope="module")
def made(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two catalogs of files of each source, which nobody may change."""
    place = tmp_path_factory.mktemp("apart")
    return [
        count_files(place / f"{name}.duckdb", corpus, files)
        for name, files in zip("ab", SPLITS["files of each source"], strict=True)
    ]


def merged(into: Path, *given: Path) -> MergeResult:
    """Merge catalogs, of which none may change."""
    before = {path: path.read_bytes() for path in given}
    result = merge(into, given, ignore)
    assert {path: path.read_bytes() for path in given} == before
    return result


def different(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """Names of the answers that differ."""
    return [name for name in sorted({*found, *wanted}) if found.get(name) != wanted.get(name)]


def copied(catalog: Path, to: Path) -> Path:
    """A copy of a catalog with its signatures."""
    shutil.copy(catalog, to)
    if parts_folder(catalog).exists():
        shutil.copytree(parts_folder(catalog), parts_folder(to))
    return to


def count_texts(catalog: Path, file: Path, texts: list[str], domain: str = "web", **asked: Any) -> Path:
    """Count a file with these texts, whose source is the name of its folder."""
    count_into(catalog, write_jsonl(file, texts).parent, domain, **asked)
    return catalog


@pytest.mark.parametrize("split", SPLITS)
def test_merged_catalogs_equal_the_one_of_all(corpus: Path, whole: dict[str, Any], tmp_path: Path, split: str) -> None:
    parts = [count_files(tmp_path / f"{place}.duckdb", corpus, files) for place, files in enumerate(SPLITS[split])]
    orders = [parts, parts[::-1]] if split == "three that overlap" else [parts]
    for number, order in enumerate(orders):
        into = tmp_path / f"merged{number}.duckdb"
        merged(into, *order)

        assert different(answers(into), whole) == []
        assert unnamed_files(into) == []


def test_the_corpus_has_what_a_merge_could_lose(whole: dict[str, Any]) -> None:
    assert {row[3] for row in whole["pairs"]} == {"reread", "estimate"}
    assert all(whole[name] for name in ("bad_records", "left_out", "labels", "duplicates"))
    assert len(whole["supply by catalog in letters"]) == 1


def test_a_merge_may_be_repeated(whole: dict[str, Any], made: list[Path], tmp_path: Path) -> None:
    into = tmp_path / "x.duckdb"
    merged(into, *made)
    again = merged(into, *made[::-1])

    assert [(each.files, each.documents, each.files_known) for each in again.merged] == [(0, 0, 3), (0, 0, 3)]
    assert different(answers(into), whole) == []
    assert ask(into, "select count(*) from ingests") == [(4,)]


def test_rows_in_parquet_files_are_merged_and_moved(whole: dict[str, Any], made: list[Path], tmp_path: Path) -> None:
    parts = [copied(catalog, tmp_path / catalog.name) for catalog in made]
    for part in parts:
        with exclusive_writer(part):
            move_rows(part, 0, ignore)
    into = tmp_path / "x.duckdb"
    for _ in range(2):
        merge(into, parts, ignore, rows_in_catalog=0)

        assert different(answers(into), whole) == []
        assert unnamed_files(into) == []
    assert ask(into, "select count(*) from store.documents_here") == [(0,)]


def test_no_text_is_read_again_but_borderline_pairs_across(
    made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[UInt64] = []

    def recorded(catalog: Path, texts: UInt64, *rest: Any) -> Any:
        read.append(texts)
        return read_again(catalog, texts, *rest)

    monkeypatch.setattr("tokaudit.dedup.verify.read_again", recorded)
    into = tmp_path / "x.duckdb"
    merged(into, *made)
    pairs = "select a_hi, a_lo, b_hi, b_lo from store.similarities where how = 'reread'"
    known = {row for path in made for row in ask(path, pairs)}
    across = set(ask(into, pairs)) - known
    ends = {end for row in across for end in (row[:2], row[2:])}

    assert {tuple(key) for texts in read for key in texts.tolist()} == ends
    assert known
    assert across


def test_a_merge_into_itself_reads_no_text(made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.verify.read_again", lambda *_: pytest.fail("texts are read"))
    merged(tmp_path / "x.duckdb", made[0])

    assert different(answers(tmp_path / "x.duckdb"), answers(made[0])) == []


def test_a_large_bucket_across_catalogs_gives_the_same_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.dedup.candidates.LARGE_BUCKET", 12)
    base = [text(seed) for seed in range(2)]
    texts = {
        name: [altered(base[n % 2], 1 + (n + shift) % 2) + f" {name}{n}" for n in range(16)]
        for shift, name in enumerate("abc")
    }
    for name, mine in texts.items():
        count_texts(tmp_path / f"{name}.duckdb", tmp_path / name / "x.jsonl", mine)
        count_into(tmp_path / "one.duckdb", tmp_path / name, "web")
    merged(tmp_path / "x.duckdb", *(tmp_path / f"{name}.duckdb" for name in "cab"))
    groups = "select path, ordinal, kept_path, kept_ordinal, kind from groups order by all"

    assert ask(tmp_path / "x.duckdb", "select count(*) > 12 from store.crowded") == [(True,)]
    assert ask(tmp_path / "x.duckdb", groups) == ask(tmp_path / "one.duckdb", groups)


def test_counts_and_labels_of_the_same_files_come_together(corpus: Path, tmp_path: Path) -> None:
    folder, one = corpus / "pages", tmp_path / "one.duckdb"
    count_into(tmp_path / "a.duckdb", folder, "web", [LETTERS])
    count_into(tmp_path / "b.duckdb", folder, "web", labels={"quality": "quality"})
    count_into(one, folder, "web", TWO, labels={"quality": "quality"})
    result = merged(tmp_path / "a.duckdb", tmp_path / "b.duckdb")
    apart = ("tokenizers", "duplicates", "overlap")  # which name the first tokenizer

    assert [name for name in different(answers(tmp_path / "a.duckdb"), answers(one)) if name not in apart] == []
    assert (result.merged[0].files, result.merged[0].files_known) == (0, 3)
    count_into(tmp_path / "a.duckdb", folder, "web", TWO, labels={"quality": "quality"})
    assert ask(tmp_path / "a.duckdb", "select count(*) from token_counts") == [(36,)]


def test_work_goes_on_in_a_merged_catalog(
    corpus: Path, made: list[Path], whole: dict[str, Any], tmp_path: Path
) -> None:
    into = tmp_path / "x.duckdb"
    merged(into, *made)
    before = answers(into)
    count_files(into, corpus, ALL)
    assert different(answers(into), before) == []
    assert verify_files(into, None, 1.0, 1, LoggedProgress()).complete
    assert len(asked.overlap(into, "source", None).rows) == 2

    forget(into, "novels", ignore)
    count_files(into, corpus, ALL[3:])

    assert different(answers(into), whole) == []


def test_pairs_whose_files_are_elsewhere_are_estimated_and_said(tmp_path: Path) -> None:
    original = text(0)
    for name, mine in (("a", original), ("b", altered(original, 2))):
        count_texts(tmp_path / f"{name}.duckdb", tmp_path / name / "x.jsonl", [mine])
    (tmp_path / "a" / "x.jsonl").rename(tmp_path / "elsewhere.jsonl")
    result = merged(tmp_path / "x.duckdb", tmp_path / "a.duckdb", tmp_path / "b.duckdb")

    assert [note for note in result.notes if "1 pair of texts is estimated" in note]
    assert ask(tmp_path / "x.duckdb", "select how from pairs") == [("estimate_file_gone",)]
    assert ask(tmp_path / "a.duckdb", "from pairs") == []

    (tmp_path / "elsewhere.jsonl").rename(tmp_path / "a" / "x.jsonl")
    merged(tmp_path / "b.duckdb", tmp_path / "a.duckdb")
    merged(tmp_path / "x.duckdb", tmp_path / "b.duckdb")

    assert ask(tmp_path / "x.duckdb", "select how from pairs") == [("reread",)]


def test_files_without_a_tokenizer_are_named(tmp_path: Path) -> None:
    a = count_texts(tmp_path / "a.duckdb", tmp_path / "a" / "x.jsonl", [text(0)], counters=TWO)
    b = count_texts(tmp_path / "b.duckdb", tmp_path / "b" / "x.jsonl", [text(1)])
    result = merged(a, b)

    assert result.complete
    (note,) = result.notes
    assert note.startswith("source 'b' is not fully counted with tokenizer 'letters'")


def test_a_source_of_which_nothing_was_counted_gives_way(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "x.jsonl").write_text(BAD)
    count_into(tmp_path / "a.duckdb", tmp_path / "s", "books", source="s")
    count_into(tmp_path / "a.duckdb", tmp_path / "s", "web", source="z")
    count_texts(tmp_path / "b.duckdb", tmp_path / "s" / "x.jsonl", [text(0)])
    for into, given in (("a", "b"), ("b", "a")):
        target = copied(tmp_path / f"{into}.duckdb", tmp_path / f"into-{into}.duckdb")
        merged(target, tmp_path / f"{given}.duckdb")

        assert ask(target, "select source, domain from sources") == [("s", "web")]
        assert ask(target, "select source, documents, bad_records from files") == [("s", 1, 0)]


Make = Callable[[Path, Path], object]


def counted_as(**asked: Any) -> Make:
    return lambda catalog, file: count_texts(catalog, file, [text(0), text(1)], **{"domain": "web", **asked})


def with_other_content(catalog: Path, file: Path) -> None:
    count_texts(catalog, file, [text(0), text(2)])
    write_jsonl(file, [text(0), text(1)])


def saving(kind: str, value: int) -> Make:
    def saved(catalog: Path, _: Path) -> None:
        with exclusive_writer(catalog) as file, write_transaction(file) as connection:
            if kind == "law":
                connection.execute(
                    "insert into store.laws select 'mine', 'm', 'f', 1, null, 0, 0.8, 1, 1, 1, 1, 1, 1, [], now(), 'v',"
                    " 'total', null"
                )
                connection.execute("insert into store.law_constants values ('mine', 0, 'E', ?, null, null)", [value])
            else:
                connection.execute(
                    "insert into store.plans (name, saved, version, law, flops, supply_origin, options, document)"
                    " values ('mine', now(), 'v', 'l', ?, 's', '{}', '{}')",
                    [value],
                )

    return saved


OTHERWISE: Final[dict[str, tuple[Make, Make, str]]] = {
    "domain": (counted_as(), counted_as(domain="books"), r"source 's'.*--domain web in .*a\.duckdb, and books in .*b"),
    "cleaning": (counted_as(), counted_as(clean="none"), "--clean default in .*, and none in"),
    "reader": (counted_as(), counted_as(reader="jsonl"), "--reader auto in .*, and jsonl in"),
    "text field": (counted_as(), counted_as(text_fields=("text", "body")), "--text-field auto in .*, and text,body in"),
    "repeat length": (counted_as(), counted_as(repeat_length=99), "--repeat-length .* and 99 in"),
    "label": (counted_as(labels={"q": "a"}), counted_as(labels={"q": "b"}), "--label q a in .*, and b in"),
    "source": (counted_as(), counted_as(source="other"), "belongs to source 's' in .* and to 'other' in"),
    "content": (counted_as(), with_other_content, r"x\.jsonl: was counted with other content in .*b\.duckdb than in"),
    "tokenizer": (
        counted_as(),
        counted_as(counters=[Words(digit="2")]),
        "tokenizer 'words': is another vocabulary in .*222222222222, not 000000000000",
    ),
    "law": (saving("law", 1), saving("law", 2), "law 'mine': is saved in .*, and they differ"),
    "plan": (saving("plan", 1), saving("plan", 2), "plan 'mine': is saved in .*, and they differ"),
}


ROWS: Final = """
select (select list(s order by s) from store.sources s), (select list(t order by t) from store.tokenizers t),
       (select list(l order by l) from laws l), (select list(p order by p) from plans p),
       (select list(i order by i) from ingests i), (select list(f order by f) from files f),
       (select count(*) from store.documents), (select count(*) from store.similarities)"""
"""All that a refused merge may have touched."""


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_is_counted_in_two_ways_is_refused(tmp_path: Path, name: str) -> None:
    first, second, why = OTHERWISE[name]
    a, b = (tmp_path / f"{each}.duckdb" for each in "ab")
    first(a, tmp_path / "s" / "x.jsonl")
    second(b, tmp_path / "s" / "x.jsonl")
    before = ask(a, ROWS)

    with pytest.raises(UsageError, match=why):
        merge(a, [b], ignore)
    assert ask(a, ROWS) == before
    assert unnamed_files(a) == []


def test_the_two_catalogs_that_disagree_are_named(tmp_path: Path) -> None:
    a, b, third, new = (tmp_path / f"{each}.duckdb" for each in ("a", "b", "third", "new"))
    counted_as()(a, tmp_path / "s" / "x.jsonl")
    counted_as(domain="books")(b, tmp_path / "s" / "x.jsonl")
    count_texts(third, tmp_path / "third" / "x.jsonl", [text(5)])

    with pytest.raises(UsageError, match=r"--domain web in .*a\.duckdb, and books in .*b\.duckdb"):
        merge(new, [third, a, b], ignore)
    assert not new.exists()


def test_a_law_and_a_plan_of_both_are_saved_once(tmp_path: Path) -> None:
    for name in "ab":
        saving("law", 1)(tmp_path / f"{name}.duckdb", tmp_path)
        saving("plan", 1)(tmp_path / f"{name}.duckdb", tmp_path)
    merged(tmp_path / "x.duckdb", tmp_path / "a.duckdb", tmp_path / "b.duckdb")

    assert ask(tmp_path / "x.duckdb", "select law, value from laws join law_constants using (law)") == [("mine", 1.0)]
    assert ask(tmp_path / "x.duckdb", "select name, flops from plans") == [("mine", 1.0)]


def cut_off(catalog: Path) -> Path:
    """The catalog, as if its last ingest had been cut off."""
    with exclusive_writer(catalog) as file, write_transaction(file) as connection:
        connection.execute("update store.ingests set finished = null")
        connection.execute("update store.derived set fresh = false")
    return catalog


def test_unfinished_work_is_still_unfinished(tmp_path: Path) -> None:
    a = count_texts(tmp_path / "a.duckdb", tmp_path / "a" / "x.jsonl", [text(0)])
    b = cut_off(count_texts(tmp_path / "b.duckdb", tmp_path / "b" / "x.jsonl", [text(1)]))
    result = merged(a, b)
    merged(a, b)

    assert not result.complete
    assert ask(a, "select work, source from unfinished") == [("ingest", "b")]
    assert ask(a, "select count(*) from ingests") == [(2,)]


def test_signatures_that_a_forget_left_do_not_stay(tmp_path: Path) -> None:
    a = count_texts(tmp_path / "a.duckdb", tmp_path / "a" / "x.jsonl", [text(0)])
    count_texts(a, tmp_path / "b" / "x.jsonl", [text(1)])
    with exclusive_writer(a) as file, write_transaction(file) as connection:
        delete_source(connection, "b")
    merged(tmp_path / "x.duckdb", a)

    assert ask(a, "select work from unfinished order by all") == [("forget",), ("grouping",)]
    assert ask(tmp_path / "x.duckdb", "from unfinished") == []
    assert len(list(parts_folder(tmp_path / "x.duckdb").iterdir())) == 1


def test_a_source_of_both_must_be_finished(tmp_path: Path) -> None:
    a, b = (
        count_texts(tmp_path / f"{name}.duckdb", tmp_path / name / "x.jsonl", [text(0)], source="s") for name in "ab"
    )
    cut_off(b)
    for into, given in ((a, b), (b, a)):
        with pytest.raises(UsageError, match=r"'s': its last ingest is not finished in .*b\.duckdb.*b\.duckdb resume"):
            merge(into, [given], ignore)


def test_what_a_copy_of_a_catalog_added_comes_back(tmp_path: Path) -> None:
    a = count_texts(tmp_path / "a.duckdb", tmp_path / "a" / "x.jsonl", [text(0), altered(text(0), 1)])
    b = copied(a, tmp_path / "b.duckdb")
    for catalog, seed in ((a, 1), (b, 2)):
        count_texts(catalog, tmp_path / f"s{seed}" / "x.jsonl", [text(0), text(seed)])
    (each,) = merged(a, b).merged

    assert (each.files, each.files_known) == (1, 1)
    assert ask(a, "select source from ingests order by ingest") == [("a",), ("s1",), ("s2",)]
    assert ask(a, "select count(*) from documents where counts") == [(3,)]


def test_damaged_signatures_are_not_taken(tmp_path: Path) -> None:
    a = count_texts(tmp_path / "a.duckdb", tmp_path / "a" / "x.jsonl", [text(0)])
    (file,) = parts_folder(a).iterdir()
    file.write_bytes(file.read_bytes()[:-8] + bytes(8))

    with pytest.raises(CatalogError, match=r"signatures: is damaged; run .*a\.duckdb verify --repair"):
        merge(tmp_path / "x.duckdb", [a], ignore)
    assert ask(tmp_path / "x.duckdb", "select count(*) from documents") == [(0,)]


def test_token_ids_of_two_tokenizers_are_refused(tmp_path: Path, corpus: Path) -> None:
    count_into(tmp_path / "a.duckdb", corpus / "pages", "web")
    count_into(tmp_path / "b.duckdb", corpus / "pages", "web", [LETTERS])
    for name in "ab":
        with exclusive_writer(tmp_path / f"{name}.duckdb") as file, write_transaction(file) as connection:
            connection.execute("update store.files set reader = 'megatron'")

    with pytest.raises(UsageError, match="contains token ids, which are of one tokenizer"):
        merge(tmp_path / "a.duckdb", [tmp_path / "b.duckdb"], ignore)
    assert ask(tmp_path / "a.duckdb", "select tokenizer from tokenizers") == [("words",)]
