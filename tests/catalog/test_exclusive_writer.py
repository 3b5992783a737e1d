"""One writer at a time and one place for all files of a catalog, by whichever name it is reached."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from made.samples import altered, ask, count_into, derived, text, write_jsonl

import tokaudit
from tokaudit.catalog import exclusive_writer as module
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.upgrade import upgrade
from tokaudit.core.errors import CatalogError
from tokaudit.core.progress import ignore
from tokaudit.pipeline.forget import forget


def _link(real: Path) -> Path:
    link = real.parent.parent / "link.duckdb"
    link.symlink_to(real)
    return link


def _link_to_a_link(real: Path) -> Path:
    second = real.parent.parent / "second.duckdb"
    second.symlink_to(_link(real).name)
    return second


def _relative_path(real: Path) -> Path:
    return Path(os.path.relpath(real))


def _folder_link(real: Path) -> Path:
    (real.parent.parent / "folder").symlink_to(real.parent)
    return real.parent.parent / "folder" / real.name


def _dots(real: Path) -> Path:
    return real.parent / ".." / real.parent.name / real.name


NAMES: list[Callable[[Path], Path]] = [_link, _link_to_a_link, _relative_path, _folder_link, _dots]
each_name = pytest.mark.parametrize("name", NAMES, ids=lambda name: name.__name__.strip("_"))


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """The place of a catalog in a folder of its own."""
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk" / "real.duckdb"


@pytest.fixture
def counted(real: Path, tmp_path: Path) -> Path:
    """The same with a catalog of two sources, one of which has a near-duplicate of the other."""
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(0), text(1)])
    write_jsonl(tmp_path / "b" / "x.jsonl", [altered(text(0), 2), text(2)])
    count_into(real, tmp_path / "a", "web")
    count_into(real, tmp_path / "b", "web")
    return real


@each_name
@pytest.mark.parametrize("is_there", [True, False])
def test_no_second_writer_gets_in_by_another_name(name: Callable[[Path], Path], is_there: bool, real: Path) -> None:
    if is_there:
        with exclusive_writer(real):
            pass
    other = name(real)
    for first, second in ((real, other), (other, real)):
        with (
            exclusive_writer(first),
            pytest.raises(CatalogError, match="another tokaudit is writing"),
            exclusive_writer(second),
        ):
            pytest.fail("two writers")


@pytest.mark.slow
@each_name
def test_a_catalog_is_the_same_by_every_name(name: Callable[[Path], Path], real: Path, tmp_path: Path) -> None:
    other, plain = name(real), tmp_path / "plain.duckdb"
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(0), text(1)])
    write_jsonl(tmp_path / "b" / "x.jsonl", [altered(text(0), 2), text(2)])
    for first, second, third in ((other, real, other), (plain, plain, plain)):
        count_into(first, tmp_path / "a", "web")
        count_into(second, tmp_path / "b", "web")
        assert ask(third, "select count(*) from documents where not counts") == [(1,)]
        upgrade(third)
        forget(third, "a", ignore)

    assert derived(other) == derived(plain)
    assert {each.name for each in real.parent.iterdir()} == {real.name, f"{real.name}.lock", f"{real.name}.parts"}


@pytest.mark.slow
def test_python_reaches_a_catalog_through_a_link(counted: Path, tmp_path: Path) -> None:
    catalog = tokaudit.open(_link(counted))
    catalog.forget("a")
    catalog.ingest([text(3)], domain="web", source="more")

    assert set(catalog.query("sources")["source"]) == {"b", "more"}
    assert list(tmp_path.glob("link.duckdb.*")) == []


def test_a_lock_next_to_a_link_does_not_matter(real: Path, tmp_path: Path) -> None:
    (tmp_path / "link.duckdb.lock").mkdir()
    with exclusive_writer(_link(real)) as file:
        assert file == real


def test_the_lock_is_that_of_the_file_when_a_link_is_changed(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_the_link(path: Path, _: Path) -> None:
        path.unlink()
        path.symlink_to(tmp_path / "other.duckdb")

    with ExitStack() as held:
        with monkeypatch.context() as patched:
            patched.setattr(module, "_check_place", change_the_link)
            file = held.enter_context(exclusive_writer(_link(real)))
        with pytest.raises(CatalogError, match="another tokaudit is writing"), exclusive_writer(file):
            pytest.fail("two writers")


@pytest.mark.slow
def test_work_goes_on_with_its_file_when_a_link_is_changed(counted: Path, tmp_path: Path) -> None:
    link, other = _link(counted), tmp_path / "other.duckdb"
    with exclusive_writer(other):
        pass
    before = other.read_bytes()

    def change_the_link(_: str) -> None:
        link.unlink(missing_ok=True)
        link.symlink_to(other)

    forget(link, "a", change_the_link)

    assert ask(counted, "select source from sources") == [("b",)]
    assert other.read_bytes() == before


def test_a_file_with_two_names_is_not_written_to(real: Path, tmp_path: Path) -> None:
    with exclusive_writer(real):
        pass
    (tmp_path / "twin.duckdb").hardlink_to(real)
    for name in (real, tmp_path / "twin.duckdb"):
        with pytest.raises(CatalogError, match=r"2 names \(hard links\).*remove the others"), exclusive_writer(name):
            pytest.fail("it was opened")


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.duckdb").symlink_to("loop.duckdb")
    with pytest.raises(CatalogError, match="leads to itself"), exclusive_writer(tmp_path / "loop.duckdb"):
        pytest.fail("it was opened")

    assert (tmp_path / "loop.duckdb").is_symlink()


@pytest.mark.slow
@pytest.mark.parametrize("change", ["folder link", "working directory"])
def test_work_goes_on_in_its_folder(
    change: str, counted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "folder").symlink_to(counted.parent)
    monkeypatch.chdir(counted.parent)

    def change_it(_: str) -> None:
        if change == "working directory":
            os.chdir(tmp_path / "elsewhere")
        else:
            (tmp_path / "folder").unlink()
            (tmp_path / "folder").symlink_to(tmp_path / "elsewhere")

    given = tmp_path / "folder" / counted.name if change == "folder link" else Path(counted.name)
    forget(given, "a", change_it)

    assert ask(counted, "select source from sources") == [("b",)]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.duckdb")
    with pytest.raises(CatalogError, match="is a device or a pipe"), exclusive_writer(tmp_path / "pipe.duckdb"):
        pytest.fail("it was opened")
