"""The folder in which results wait: files are whole or not there, on a file system and at a URL."""

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from tokaudit.core.errors import InputError
from tokaudit.pipeline.engines.work_folder import WorkFolder, work_folder


@pytest.fixture(params=["folder", "URL"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WorkFolder]:
    """A folder that does not exist yet."""
    if request.param == "folder":
        yield work_folder(str(tmp_path / "not" / "there"))
        return
    yield work_folder("memory://work/of/tests")
    fsspec.filesystem("memory").rm("/work", recursive=True)


def put(folder: WorkFolder, name: str, data: bytes) -> None:
    """Put a file with these bytes."""

    def write(file: Path) -> None:
        file.write_bytes(data)

    folder.put(name, write)


def test_what_is_put_is_there(folder: WorkFolder) -> None:
    put(folder, "a", b"one")
    put(folder, "b", b"two")
    put(folder, "a", b"three")

    assert folder.names() == {"a", "b"}
    with folder.fetched("a") as file:
        assert file.read_bytes() == b"three"


def test_a_file_that_can_not_be_made_leaves_nothing(folder: WorkFolder) -> None:
    def fail(file: Path) -> None:
        file.write_bytes(b"half")
        raise InputError("no")

    put(folder, "a", b"one")
    with pytest.raises(InputError, match=r"^no$"):
        folder.put("b", fail)

    assert folder.names() == {"a"}


def test_what_is_removed_is_gone_and_others_stay(folder: WorkFolder) -> None:
    put(folder, "a", b"one")
    put(folder, "b", b"two")
    folder.remove(["a", "never there"])

    assert folder.names() == {"b"}


def test_a_folder_that_is_not_there_has_no_names() -> None:
    assert work_folder("/nowhere/at/all").names() == set()


def test_a_file_that_is_not_there_says_that_the_folder_must_be_shared(folder: WorkFolder) -> None:
    put(folder, "b", b"two")
    with pytest.raises(InputError, match="name a folder that all nodes share"), folder.fetched("a"):
        pass


def test_a_folder_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match=f"^{tmp_path / 'file'}: can't be used: .*--work"):
        put(work_folder(str(tmp_path / "file")), "a", b"one")


def test_the_last_file_takes_the_folder_with_it(tmp_path: Path) -> None:
    folder = work_folder(str(tmp_path / "work"))
    put(folder, "a", b"one")
    folder.remove(["a"])

    assert list(tmp_path.iterdir()) == []
