"""Comparing texts and updating groups: after an interruption, in pieces, and with missing signatures."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from made.samples import altered, ask, count_into, derived, text, write_jsonl

from tokaudit.audit.answers import supply
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import CatalogError
from tokaudit.core.progress import Notify
from tokaudit.dedup.components import Duplicates, duplicates_of
from tokaudit.dedup.regroup import regroup
from tokaudit.dedup.repair_signatures import repair_signatures
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verified import PairStore
from tokaudit.dedup.verify import Verifier
from tokaudit.pipeline.forget import forget

FIRST = text(0)


def changed(*places: int) -> str:
    """The first text with other words at these places: five shingles each."""
    return " ".join(f"new{i}" if i in places else word for i, word in enumerate(FIRST.split()))


CHAIN = [FIRST, changed(30, 90), changed(30, 90, 10, 60), changed(30, 90, 10, 60, 45, 75)]
"""Each is near the next: they share 106 of 126 shingles. The first and the last share 86 of 146."""


def ignore(_: str) -> None:
    """Drop progress messages."""


def grouped(catalog: Path, notify: Notify = ignore) -> None:
    """Regroup without stored shingle sets."""
    with StoredSets(catalog) as sets:
        regroup(catalog, Verifier(catalog, sets, 2), notify)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of the chain, one exact duplicate, and two texts that are near no other."""
    place = tmp_path_factory.mktemp("chain")
    write_jsonl(place / "c" / "x.jsonl", [*CHAIN, CHAIN[3], text(5), text(6)])
    count_into(place / "x.duckdb", place / "c", "web")
    return place / "x.duckdb"


@pytest.fixture
def catalog(chain: Path, tmp_path: Path) -> Path:
    """A copy of the chain's catalog that a test may change."""
    shutil.copytree(parts_folder(chain), parts_folder(tmp_path / "x.duckdb"))
    return Path(shutil.copy(chain, tmp_path / "x.duckdb"))


@pytest.mark.slow
def test_a_group_is_a_component_with_similarities_to_the_kept(chain: Path) -> None:
    made = derived(chain)
    members = {ordinal: (kept, kind) for _, ordinal, _, kept, _, kind in made["groups"]}
    similarity = {ordinal: value for _, ordinal, _, _, value, _ in made["groups"]}
    near = {frozenset((a, b)): value for a, b, value, _ in made["pairs"]}

    assert members == {0: (0, "kept"), **dict.fromkeys([1, 2, 3, 4], (0, "near"))}
    assert (similarity[0], similarity[1]) == (1, pytest.approx(106 / 126))
    assert similarity[3] == similarity[4] < 0.7
    assert set(near) == {frozenset(pair) for pair in ((0, 1), (1, 2), (2, 3))}
    assert list(near.values()) == [pytest.approx(106 / 126)] * 3


@pytest.mark.slow
def test_similarities_to_kept_documents_are_not_links(chain: Path) -> None:
    reported = ask(chain, "select similarity from store.similarities where not candidate")

    assert reported
    assert all(similarity < 0.7 for (similarity,) in reported)


def test_an_up_to_date_catalog_is_not_touched(catalog: Path) -> None:
    said: list[str] = []
    before = catalog.read_bytes()
    grouped(catalog, said.append)

    assert said == []
    assert catalog.read_bytes() == before


def test_groups_are_made_after_an_interruption_before_grouping(catalog: Path) -> None:
    before = derived(catalog)
    with write_transaction(catalog) as connection:
        connection.execute("delete from store.uncounted")
        connection.execute("update store.derived set fresh = false, new_from = 0")
    grouped(catalog)

    assert derived(catalog) == before


@pytest.mark.slow
def test_texts_are_compared_after_an_interruption_before_comparing(catalog: Path) -> None:
    before = derived(catalog)
    with write_transaction(catalog) as connection:
        connection.execute("delete from store.uncounted")
        connection.execute("delete from store.similarities")
        connection.execute("update store.fragments set probed = false")
        connection.execute("update store.derived set fresh = false, new_from = 0")
    said: list[str] = []
    grouped(catalog, said.append)

    assert derived(catalog) == before
    assert "looking for near-duplicates" in said
    assert "re-reading the texts of 4 borderline pairs" in said


@pytest.mark.slow
def test_comparing_known_pairs_again_adds_no_pair(catalog: Path) -> None:
    before = derived(catalog)
    with write_transaction(catalog) as connection:
        connection.execute("update store.fragments set probed = false")
    grouped(catalog)

    assert derived(catalog) == before


@pytest.mark.slow
def test_pairs_in_pieces_are_the_same_pairs(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = derived(catalog)
    monkeypatch.setattr("tokaudit.dedup.verified.PAIRS_AT_ONCE", 1)
    monkeypatch.setattr("tokaudit.dedup.near.SETTLED_AT_ONCE", 1)
    monkeypatch.setattr("tokaudit.dedup.near._TEXTS_AT_ONCE", 1)
    monkeypatch.setattr("tokaudit.dedup.to_compare._TEXTS_AT_ONCE", 1)
    monkeypatch.setattr("tokaudit.dedup.candidates.PAIRS_AT_ONCE", 1)
    monkeypatch.setattr("tokaudit.dedup.stored_sets._COMPARED_BYTES", 1)
    monkeypatch.setattr("tokaudit.dedup.reread._TOGETHER_BYTES", 1)
    with write_transaction(catalog) as connection:
        connection.execute("delete from store.similarities")
        connection.execute("update store.fragments set probed = false")
    grouped(catalog)

    assert derived(catalog) == before


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ([text(7), text(8)], False),
        ([text(7), text(7)], True),
        ([text(7), FIRST], True),
        ([text(7), altered(text(5), 2)], True),
        ([], False),
    ],
    ids=["no duplicate", "new exact duplicates", "duplicate of an old text", "near-duplicate", "nothing new"],
)
def test_groups_are_updated_only_where_texts_are_duplicates(
    catalog: Path, tmp_path: Path, more: list[str], asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = Path(shutil.copy(catalog, tmp_path / "twin.duckdb"))
    shutil.copytree(parts_folder(catalog), parts_folder(twin))
    write_jsonl(tmp_path / "more" / "x.jsonl", more)
    derivations: list[Duplicates] = []

    def derive(*given: Any) -> Duplicates:
        derivations.append(duplicates_of(*given))
        return derivations[-1]

    monkeypatch.setattr("tokaudit.dedup.representatives.duplicates_of", derive)
    count_into(catalog, tmp_path / "more", "web")
    assert len(derivations) == 3 * asked  # in each scope
    with write_transaction(twin) as connection:  # all groups must be derived again
        connection.execute("delete from store.uncounted")
        connection.execute("update store.derived set fresh = false, new_from = 0")
    count_into(twin, tmp_path / "more", "web")
    assert len(derivations) == 3 * asked + 3

    assert derived(catalog) == derived(twin)
    assert ask(catalog, "from store.derived") == ask(twin, "from store.derived") == [(True, 7 + len(more))]


@pytest.mark.slow
def test_a_comparison_interrupted_between_two_pieces_continues(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = derived(catalog)
    monkeypatch.setattr("tokaudit.dedup.near.SETTLED_AT_ONCE", 1)
    monkeypatch.setattr("tokaudit.dedup.candidates.PAIRS_AT_ONCE", 1)
    store = PairStore.verify_and_store
    pieces: list[Any] = []

    def break_off(self: PairStore, *given: Any, all_probed: bool) -> Any:
        if len(pieces) == 2:
            raise KeyboardInterrupt
        pieces.append(given)
        return store(self, *given, all_probed=all_probed)

    with write_transaction(catalog) as connection:
        connection.execute("delete from store.similarities")
        connection.execute("delete from store.uncounted")
        connection.execute("update store.fragments set probed = false")
    with monkeypatch.context() as patch:
        patch.setattr(PairStore, "verify_and_store", break_off)
        with pytest.raises(KeyboardInterrupt):
            grouped(catalog)

    assert ask(catalog, "select count(*) from store.similarities") == [(2,)]
    grouped(catalog)
    assert derived(catalog) == before


def bucket(folder: Path) -> list[Path]:
    """Three folders of near-duplicates of one text; some of the texts are in two folders, some in all three."""
    chance = random.Random(0)
    copies = [altered(text(1, 200), chance.randrange(1, 12)).replace("changed", f"new{i}w") for i in range(60)]
    return [
        write_jsonl(folder / name / "x.jsonl", copies[part] + copies[40:45]).parent
        for name, part in (("a", slice(0, 20)), ("b", slice(20, 40)), ("c", slice(30, 60)))
    ]


def counted(catalog: Path) -> list[tuple[Any, ...]]:
    """Documents that do not count, and those that count instead, independent of document numbers."""
    return ask(
        catalog,
        "select scope, d.path, d.ordinal, k.path, k.ordinal, u.exact_copy from store.uncounted u"
        " join documents d using (document) join documents k on k.document = u.kept order by all",
    )


@pytest.mark.slow
def test_a_large_bucket_gives_the_groups_of_all_its_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = bucket(tmp_path)
    for folder in folders:
        count_into(tmp_path / "all.duckdb", folder, "web")
    monkeypatch.setattr("tokaudit.dedup.candidates.LARGE_BUCKET", 2)
    for name, order in {"x": folders, "y": folders[::-1]}.items():
        for folder in order:
            count_into(tmp_path / f"{name}.duckdb", folder, "web")
    pairs = "select count(*) from store.similarities where candidate"

    assert len(counted(tmp_path / "all.duckdb")) > 100
    for name in ("x", "y"):
        assert ask(tmp_path / f"{name}.duckdb", pairs) < ask(tmp_path / "all.duckdb", pairs)
        assert counted(tmp_path / f"{name}.duckdb") == counted(tmp_path / "all.duckdb")

    forget(tmp_path / "x.duckdb", "b", ignore)
    monkeypatch.setattr("tokaudit.dedup.candidates.LARGE_BUCKET", 1_000)
    forget(tmp_path / "all.duckdb", "b", ignore)
    assert counted(tmp_path / "x.duckdb") == counted(tmp_path / "all.duckdb")


@pytest.mark.slow
def test_missing_signatures_are_an_error_and_its_advice_works(catalog: Path, tmp_path: Path) -> None:
    count_into(catalog, write_jsonl(tmp_path / "d" / "y.jsonl", [text(9)]).parent, "web")
    for path in parts_folder(catalog).iterdir():
        path.unlink()
    with pytest.raises(CatalogError, match="tokaudit verify --repair"):
        count_into(catalog, write_jsonl(tmp_path / "e" / "y.jsonl", [text(10)]).parent, "web")

    assert supply(catalog, "domain", None).extra["complete"] is True  # it was refused before anything was begun

    assert repair_signatures(catalog, 1, ignore).gone == []
    count_into(catalog, tmp_path / "e", "web")
    assert supply(catalog, "domain", None).extra["complete"] is True
