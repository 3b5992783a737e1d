"""Finding the files that a user names, and those that ship with the package."""

import contextlib
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import InputError, MissingPackageError, TokauditError
from tokaudit.core.resources import shipped
from tokaudit.readers.paths.listing import expand
from tokaudit.readers.paths.rules import Patterns


def make(folder: Path, *names: str) -> Path:
    """A folder with files of these names; each contains its own name."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def belows(*names: object) -> list[str]:
    return [file.below for file in expand([str(name) for name in names])[0]]


def left_out(*names: object) -> dict[str, str]:
    return {Path(item.path).name: item.rule for item in expand([str(name) for name in names])[1]}


@pytest.fixture
def memory() -> Iterator[str]:
    """The URL of an empty folder in fsspec's memory."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield "memory://place"
    system.store.clear()
    system.pseudo_dirs[:] = [""]


def put(url: str, content: bytes = b"text") -> None:
    with fsspec.open(url, "wb") as stream:
        stream.write(content)


def test_a_folder_gives_all_files_below_it_in_bytewise_order(tmp_path: Path) -> None:
    make(tmp_path / "c", "b.txt", "a/z.txt", "a.txt", "é.txt", "B.txt")

    assert belows(tmp_path / "c") == ["B.txt", "a.txt", "a/z.txt", "b.txt", "é.txt"]


def test_files_of_several_folders_are_ordered_by_their_path_below(tmp_path: Path) -> None:
    one, other = make(tmp_path / "one", "b.txt", "c.txt"), make(tmp_path / "other", "a.txt", "b.txt")

    assert [file.path for file in expand([str(one), str(other)])[0]] == [
        str(path) for path in (other / "a.txt", one / "b.txt", other / "b.txt", one / "c.txt")
    ]


def test_the_path_below_does_not_depend_on_where_the_folder_is(tmp_path: Path) -> None:
    one = make(tmp_path / "one" / "c", "x/y.txt", "z.txt")
    other = make(tmp_path / "a" / "b" / "d", "x/y.txt", "z.txt")

    assert belows(one) == belows(other) == belows(f"{other}/") == belows(f"{one}/../c") == ["x/y.txt", "z.txt"]


def test_paths_are_absolute_however_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "c", "x.txt")
    monkeypatch.chdir(tmp_path)
    wanted = [str(tmp_path / "c" / "x.txt")]

    for name in ("c", "./c", "c/x.txt", "c/../c/x.txt", "c/*.txt", str(tmp_path / "c"), (tmp_path / "c").as_uri()):
        assert [file.path for file in expand([name])[0]] == wanted


def test_a_file_has_its_size_name_time_and_content(tmp_path: Path) -> None:
    (file,) = expand([str(make(tmp_path, "x.txt") / "x.txt")])[0]

    assert (file.name, file.below, file.size, file.named) == ("x.txt", "x.txt", 5, True)
    assert file.modified == str((tmp_path / "x.txt").stat().st_mtime_ns)
    with file.open() as stream:
        assert stream.read() == b"x.txt"


def test_only_files_that_the_user_named_are_marked_as_named(tmp_path: Path) -> None:
    make(tmp_path / "c", "x.txt", "d/y.txt", "d/z.txt")
    names = [str(tmp_path / "c"), str(tmp_path / "c" / "x.txt"), str(tmp_path / "c" / "d" / "y.txt")]

    for order in itertools.permutations(names):
        marked = {file.below: file.named for file in expand(order)[0]}
        assert marked == {"d/y.txt": True, "d/z.txt": False, "x.txt": True}
    assert {file.below: file.named for file in expand([str(tmp_path / "c" / "*")])[0]} == {
        "x.txt": True,
        "y.txt": False,
        "z.txt": False,
    }


def test_a_glob_gives_matching_files_and_those_of_matching_folders(tmp_path: Path) -> None:
    make(tmp_path / "c", "a.txt", "b.txt", "c.md", "d.txt/e.md", "f/g.txt")

    assert belows(tmp_path / "c" / "*.txt") == ["a.txt", "b.txt", "e.md"]
    assert belows(tmp_path / "c" / "**" / "*.txt") == ["a.txt", "b.txt", "e.md", "g.txt"]
    assert belows(tmp_path / "c" / "[ab].*") == ["a.txt", "b.txt"]


def test_an_existing_file_with_a_name_like_a_glob_is_that_file(tmp_path: Path) -> None:
    make(tmp_path / "c", "a[1].txt", "a1.txt")

    assert belows(tmp_path / "c" / "a[1].txt") == ["a[1].txt"]


def test_a_file_named_twice_is_found_once_with_its_least_path_below(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "d/x.txt")

    for names in ([folder, folder / "d"], [folder / "d", folder], [folder / "d" / "x.txt", folder, folder]):
        assert belows(*names) == ["d/x.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_below_a_folder_are_left_out_and_named_links_followed(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "x.txt")
    make(tmp_path / "elsewhere", "y.txt")
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere" / "y.txt")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "circle").symlink_to(folder)

    assert belows(folder) == ["x.txt"]
    assert left_out(folder) == {"link.txt": "link", "linked": "link", "circle": "link"}
    assert belows(folder / "link.txt", folder / "linked") == ["link.txt", "y.txt"]
    assert left_out(folder, folder / "link.txt") == {"linked": "link", "circle": "link"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_file_counts_once_where_links_below_a_glob_lead_in_circles(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "a/b/x.txt")
    (folder / "a" / "self").symlink_to(folder / "a")
    (folder / "a" / "b" / "up").symlink_to(folder)

    for pattern, below in ((folder / "**", "a/b/x.txt"), (folder / "**" / "*", "b/x.txt")):
        assert belows(pattern) == [below]
        assert left_out(pattern) == {"self": "link", "up": "link"}


def test_version_control_folders_are_left_out_whole(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "x.txt", ".git/config", "sub/.hg/store/data", "worktree/.git", "git/y.txt")

    assert belows(folder) == ["git/y.txt", "x.txt"]
    assert sorted(item.path for item in expand([str(folder)])[1]) == [
        str(folder / ".git"),
        str(folder / "sub" / ".hg"),
        str(folder / "worktree" / ".git"),
    ]
    assert set(left_out(folder).values()) == {"vcs"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_left_out_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(make(tmp_path / "c", "x.txt") / "pipe")

    assert belows(tmp_path / "c") == ["x.txt"]
    assert left_out(tmp_path / "c") == {"pipe": "special"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are text")
def test_a_name_that_is_not_utf8_is_left_out_or_refused_if_named(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "x.txt")
    strange = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(strange)).write_text("text")

    assert belows(folder) == ["x.txt"]
    (left,) = expand([str(folder)])[1]
    assert left.rule == "name"
    assert left.path.encode() == os.fsencode(folder) + b"/caf\\udce9.txt"
    with pytest.raises(InputError, match="the name is not valid UTF-8; rename the file"):
        expand([os.fsdecode(strange)])


def test_an_empty_folder_has_no_files_and_is_not_an_error(tmp_path: Path) -> None:
    assert expand([str(tmp_path)]) == ([], [])


@pytest.mark.parametrize("name", ["nothing", "nothing/*.txt", "", "memory://nothing/here.txt", "memory://nothing/*.x"])
def test_a_missing_path_is_an_error_that_names_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as refused:
        expand([name])
    assert str(refused.value).startswith(f"{name}: ")


def test_a_remote_folder_gives_its_files_without_version_control(memory: str) -> None:
    for name in ("b.txt", "a/z.txt", "a/.git/config", "a.txt"):
        put(f"{memory}/{name}", b"12345")
    files, left = expand([memory])

    assert [(file.below, file.path, file.size, file.named) for file in files] == [
        ("a.txt", "memory:///place/a.txt", 5, False),
        ("a/z.txt", "memory:///place/a/z.txt", 5, False),
        ("b.txt", "memory:///place/b.txt", 5, False),
    ]
    assert [(item.path, item.rule) for item in left] == [("memory:///place/a/.git/config", "vcs")]
    assert belows(f"{memory}/") == ["a.txt", "a/z.txt", "b.txt"]
    with files[0].open() as stream:
        assert stream.read() == b"12345"


def test_a_url_or_a_glob_of_urls_names_files(memory: str) -> None:
    for name in ("x.txt", "y.txt", "z.md", "d/w.txt"):
        put(f"{memory}/{name}")

    assert [(file.below, file.named) for file in expand([f"{memory}/x.txt"])[0]] == [("x.txt", True)]
    assert [(file.below, file.named) for file in expand([f"{memory}/*.txt"])[0]] == [("x.txt", True), ("y.txt", True)]
    assert belows(f"{memory}/x.txt", memory) == ["d/w.txt", "x.txt", "y.txt", "z.md"]


def test_an_existing_url_with_a_name_like_a_glob_is_that_file(memory: str) -> None:
    for name in ("y[1].txt", "y1.txt", "d[1]/w.txt"):
        put(f"{memory}/{name}", b"12345")
    ((file,), _) = expand([f"{memory}/y[1].txt"])
    ((below,), _) = expand([f"{memory}/d[1]"])

    assert (file.below, file.named) == ("y[1].txt", True)
    assert b"".join(file.blocks()) == b"12345"
    assert (below.below, below.named) == ("w.txt", False)
    assert belows(f"{memory}/[xy]1.txt") == ["y1.txt"]


def test_a_path_and_its_file_url_are_the_same_file(tmp_path: Path) -> None:
    folder = make(tmp_path / "a folder", "x.txt")

    assert expand([f"file://{folder}", str(folder)]) == expand([str(folder)])


def test_unknown_url_schemes_and_missing_packages_are_errors() -> None:
    fsspec.register_implementation("lacking", "no_such_package.System", errtxt="needs no_such_package", clobber=True)

    with pytest.raises(InputError, match="unknown://x"):
        expand(["unknown://x"])
    with pytest.raises(MissingPackageError, match=r"; run pip install 'fsspec\[lacking\]'$"):
        expand(["lacking://x"])


def test_shipped_folders_are_found() -> None:
    assert (shipped("catalog") / "views.sql").is_file()
    assert list(shipped("queries").glob("*.sql"))


def test_shipped_folders_of_a_wheel_a_checkout_and_a_broken_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.core.resources._PACKAGE", tmp_path / "tokaudit")
    with pytest.raises(
        TokauditError,
        match=r"^queries: this folder is missing from the installation of tokaudit; install tokaudit again$",
    ):
        shipped("queries")
    make(tmp_path, "pyproject.toml", "queries/a.sql")
    assert shipped("queries") == tmp_path / "queries"
    make(tmp_path, "tokaudit/_data/queries/a.sql")
    assert shipped("queries") == tmp_path / "tokaudit" / "_data" / "queries"


def test_signatures_are_next_to_the_file_of_the_catalog() -> None:
    assert parts_folder(Path("folder/x.duckdb")) == Path("folder/x.duckdb.parts").absolute()


def test_a_folder_deeper_than_a_thousand_levels_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    levels = 1_500
    monkeypatch.chdir(make(tmp_path, "x.txt"))
    for _ in range(levels):
        Path("d").mkdir()
        os.chdir("d")
    Path("deep.txt").write_text("text")
    found = belows(tmp_path), belows(tmp_path / "**" / "*.txt")
    Path("deep.txt").unlink()
    for _ in range(levels):  # shutil can't remove so deep a folder
        os.chdir("..")
        Path("d").rmdir()

    assert [[below.rpartition("/")[2] for below in each] for each in found] == [["deep.txt", "x.txt"]] * 2


def scandir_that(monkeypatch: pytest.MonkeyPatch, at: Path, act: Callable[[], None]) -> None:
    """Let something happen when a folder has been listed, before its entries are looked at."""
    scandir = os.scandir

    def listing(path: str) -> Any:
        if path != str(at):
            return scandir(path)
        entries = list(scandir(path))
        monkeypatch.undo()
        act()
        return contextlib.nullcontext(entries)

    monkeypatch.setattr(os, "scandir", listing)


def test_a_folder_that_may_not_be_listed_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "c", "x.txt", "shut/y.txt")

    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    for name in (folder, folder / "**"):
        scandir_that(monkeypatch, folder / "shut", refuse)
        assert left_out(name) == {"shut": "unreadable"}
    scandir_that(monkeypatch, folder / "shut", refuse)
    assert belows(folder) == ["x.txt"]
    scandir_that(monkeypatch, folder, refuse)
    with pytest.raises(InputError, match="Permission denied"):
        expand([str(folder)])


def test_folders_and_files_that_vanish_meanwhile_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path / "c", "x.txt", "gone/y.txt", "z.txt")

    def vanish() -> None:
        shutil.rmtree(folder / "gone")
        (folder / "z.txt").unlink()

    scandir_that(monkeypatch, folder, vanish)
    files, left = expand([str(folder)])

    assert [file.below for file in files] == ["x.txt"]
    assert {Path(item.path).name: item.rule for item in left} == {"gone": "unreadable", "z.txt": "unreadable"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_files_that_the_system_makes_while_they_are_read_are_refused() -> None:
    with pytest.raises(InputError, match="is not stored on a disk"):
        expand(["/proc/self/status"])
    assert set(left_out("/proc/self/net").values()) <= {"special", "link", "unreadable"}
    assert belows("/proc/self/net") == []


def test_a_file_url_without_a_path_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make(tmp_path, "x.txt"))
    for name in ("file://", "file:///"[:7]):
        with pytest.raises(InputError, match="names no path"):
            expand([name])


def test_patterns_leave_out_named_and_found_files(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "a.txt", "b.txt", "d/a.txt", "d/c.md")

    assert [file.below for file in expand([str(folder)], Patterns(exclude=["a.*"]))[0]] == ["b.txt", "d/c.md"]
    assert [file.below for file in expand([str(folder)], Patterns(include=["d/*"]))[0]] == ["d/a.txt", "d/c.md"]
    files, left = expand([str(folder / "a.txt"), str(folder)], Patterns(["*.txt"], ["d/*"]))
    assert [file.below for file in files] == ["a.txt", "b.txt"]
    assert [(Path(item.path).name, item.rule, item.size) for item in left] == [
        ("a.txt", "excluded", 7),
        ("c.md", "excluded", 6),
    ]
