"""Files that a user names, and those that ship with the package."""

import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from tokaudit.catalog.layout import parts_folder
from tokaudit.core.errors import InputError, MissingPackageError, TokauditError
from tokaudit.core.resources import shipped
from tokaudit.readers.files import expand


def make(folder: Path, *names: str) -> Path:
    """A folder with files of these names, each holding its name."""
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
    """An empty place in fsspec's memory, as a URL."""
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


def test_the_path_below_does_not_depend_on_where_the_folder_lies(tmp_path: Path) -> None:
    one = make(tmp_path / "one" / "c", "x/y.txt", "z.txt")
    other = make(tmp_path / "a" / "b" / "d", "x/y.txt", "z.txt")

    assert belows(one) == belows(other) == belows(f"{other}/") == belows(f"{one}/../c") == ["x/y.txt", "z.txt"]


def test_paths_are_absolute_whatever_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "c", "x.txt")
    monkeypatch.chdir(tmp_path)
    wanted = [str(tmp_path / "c" / "x.txt")]

    for name in ("c", "./c", "c/x.txt", "c/../c/x.txt", "c/*.txt", str(tmp_path / "c"), (tmp_path / "c").as_uri()):
        assert [file.path for file in expand([name])[0]] == wanted


def test_a_file_knows_its_size_its_name_and_how_to_open_it(tmp_path: Path) -> None:
    (file,) = expand([str(make(tmp_path, "x.txt") / "x.txt")])[0]

    assert (file.name, file.below, file.size, file.named) == ("x.txt", "x.txt", 5, True)
    assert file.modified == str((tmp_path / "x.txt").stat().st_mtime_ns)
    with file.open() as stream:
        assert stream.read() == b"x.txt"


def test_only_what_the_user_named_is_marked_so_whatever_else_is_named(tmp_path: Path) -> None:
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


def test_a_glob_gives_what_it_matches_and_a_folder_it_matches_gives_its_files(tmp_path: Path) -> None:
    make(tmp_path / "c", "a.txt", "b.txt", "c.md", "d.txt/e.md", "f/g.txt")

    assert belows(tmp_path / "c" / "*.txt") == ["a.txt", "b.txt", "e.md"]
    assert belows(tmp_path / "c" / "**" / "*.txt") == ["a.txt", "b.txt", "e.md", "g.txt"]
    assert belows(tmp_path / "c" / "[ab].*") == ["a.txt", "b.txt"]


def test_a_name_that_looks_like_a_glob_but_is_there_is_that_file(tmp_path: Path) -> None:
    make(tmp_path / "c", "a[1].txt", "a1.txt")

    assert belows(tmp_path / "c" / "a[1].txt") == ["a[1].txt"]


def test_a_file_named_more_than_once_is_there_once_with_the_least_path_below(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "d/x.txt")

    for names in ([folder, folder / "d"], [folder / "d", folder], [folder / "d" / "x.txt", folder, folder]):
        assert belows(*names) == ["d/x.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_below_a_folder_are_left_out_and_named_ones_followed(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "x.txt")
    make(tmp_path / "elsewhere", "y.txt")
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere" / "y.txt")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "circle").symlink_to(folder)

    assert belows(folder) == ["x.txt"]
    assert left_out(folder) == {"link.txt": "link", "linked": "link", "circle": "link"}
    assert belows(folder / "link.txt", folder / "linked") == ["link.txt", "y.txt"]
    assert left_out(folder, folder / "link.txt") == {"linked": "link", "circle": "link"}


def test_version_control_below_a_folder_is_left_out_whole(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "x.txt", ".git/config", "sub/.hg/store/data", "worktree/.git", "git/y.txt")

    assert belows(folder) == ["git/y.txt", "x.txt"]
    assert sorted(item.path for item in expand([str(folder)])[1]) == [
        str(folder / ".git"),
        str(folder / "sub" / ".hg"),
        str(folder / "worktree" / ".git"),
    ]
    assert set(left_out(folder).values()) == {"vcs"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_regular_file_is_left_out_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(make(tmp_path / "c", "x.txt") / "pipe")

    assert belows(tmp_path / "c") == ["x.txt"]
    assert left_out(tmp_path / "c") == {"pipe": "special"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are text")
def test_a_name_that_is_no_text_is_left_out_below_a_folder_and_refused_when_named(tmp_path: Path) -> None:
    folder = make(tmp_path / "c", "x.txt")
    strange = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(strange)).write_text("text")

    assert belows(folder) == ["x.txt"]
    (left,) = expand([str(folder)])[1]
    assert left.rule == "name"
    assert left.path.encode() == os.fsencode(folder) + b"/caf\\udce9.txt"
    with pytest.raises(InputError, match="no UTF-8 text"):
        expand([os.fsdecode(strange)])


def test_an_empty_folder_has_no_files_and_is_no_error(tmp_path: Path) -> None:
    assert expand([str(tmp_path)]) == ([], [])


@pytest.mark.parametrize("name", ["nothing", "nothing/*.txt", "", "memory://nothing/here.txt", "memory://nothing/*.x"])
def test_what_is_not_there_is_an_error_that_names_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as refused:
        expand([name])
    assert str(refused.value).startswith(f"{name}: ")


def test_a_folder_behind_a_url_gives_its_files_and_leaves_version_control_out(memory: str) -> None:
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


def test_a_url_with_signs_of_a_pattern_names_what_is_called_so(memory: str) -> None:
    for name in ("y[1].txt", "y1.txt", "d[1]/w.txt"):
        put(f"{memory}/{name}", b"12345")
    ((file,), _) = expand([f"{memory}/y[1].txt"])
    ((below,), _) = expand([f"{memory}/d[1]"])

    assert (file.below, file.named) == ("y[1].txt", True)
    assert b"".join(file.blocks()) == b"12345"
    assert (below.below, below.named) == ("w.txt", False)
    assert belows(f"{memory}/[xy]1.txt") == ["y1.txt"]


def test_a_file_has_one_path_whether_named_by_path_or_by_url(tmp_path: Path) -> None:
    folder = make(tmp_path / "a folder", "x.txt")

    assert expand([f"file://{folder}", str(folder)]) == expand([str(folder)])


def test_an_unknown_kind_of_url_is_an_error_and_a_missing_package_has_its_install_line() -> None:
    fsspec.register_implementation("lacking", "no_such_package.System", errtxt="needs no_such_package", clobber=True)

    with pytest.raises(InputError, match="unknown://x"):
        expand(["unknown://x"])
    with pytest.raises(MissingPackageError, match=r"pip install 'fsspec\[lacking\]'"):
        expand(["lacking://x"])


def test_what_ships_with_the_package_is_found() -> None:
    assert (shipped("catalog") / "views.sql").is_file()
    assert list(shipped("queries").glob("*.sql"))


def test_a_wheel_carries_its_own_and_a_broken_installation_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.core.resources._PACKAGE", tmp_path / "tokaudit")
    with pytest.raises(TokauditError, match="install it again"):
        shipped("queries")
    make(tmp_path, "pyproject.toml", "queries/a.sql")
    assert shipped("queries") == tmp_path / "queries"
    make(tmp_path, "tokaudit/_data/queries/a.sql")
    assert shipped("queries") == tmp_path / "tokaudit" / "_data" / "queries"


def test_signatures_lie_beside_the_catalog() -> None:
    assert parts_folder(Path("folder/x.duckdb")) == Path("folder/x.duckdb.parts")


def test_a_small_file_can_be_held_and_is_then_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    ((file,), _) = expand([str(tmp_path / "a")])
    held = file.held()
    (tmp_path / "a").write_bytes(b"newer")

    assert file.changed()
    assert held == file
    assert held.open().read() == b"".join(held.blocks()) == b"old"
    assert file.held() is file, "its size is another than when it was found"
    monkeypatch.setattr("tokaudit.readers.files._HELD_BYTES", 2)
    assert file.held() is file
    monkeypatch.undo()
    (tmp_path / "a").unlink()
    assert file.held() is file
