"""Files of the catalog, found again."""

from pathlib import Path

import fsspec
import pytest

from tokaudit.core.errors import InputError, UsageError
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.paths.find_again import find_again


@pytest.mark.parametrize("name", ["a.txt", "a[1].txt", "*"])
def test_a_file_is_found_as_it_is_now_with_its_place_below(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("text")
    (tmp_path / "a1.txt").write_text("another")
    found = find_again(str(path), "below/x", "text")

    assert found is not None
    assert (found.path, found.below, found.size) == (str(path), "below/x", 4)
    assert found.modified == str(path.stat().st_mtime_ns)


def test_a_file_that_is_gone_or_became_a_folder_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "a.txt" / "b.txt").touch()

    assert find_again(str(tmp_path / "a.txt"), "a.txt", "text") is None
    assert find_again(str(tmp_path / "b.txt"), "b.txt", "text") is None


def test_what_never_was_a_file_says_so() -> None:
    with pytest.raises(InputError, match="stdin:x: was not read from a file"):
        find_again("stdin:x", "x", "jsonl")


def test_a_store_is_asked_again_and_says_that_a_file_is_gone() -> None:
    store = fsspec.filesystem("memory")
    with store.open("/found/a.txt", "wb") as file:
        file.write(b"text")
    found = find_again("memory:///found/a.txt", "a.txt", "text")

    assert found is not None
    assert found.size == 4
    assert find_again("memory:///found/b.txt", "b.txt", "text") is None
    with pytest.raises(InputError, match="nostore://x: "):
        find_again("nostore://x", "x", "text")


def test_a_reader_that_locates_its_files_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = READERS.get("hub")
    here = InputFile("hub:///x:default:train", "other", 5, "v2")
    monkeypatch.setattr(type(reader), "locate", lambda *_, **__: [InputFile("hub:///x", "x", 1, ""), here])

    found = find_again("hub:///x:default:train", "train", "hub")
    assert found is not None
    assert (found.below, found.modified) == ("train", "v2")

    def refuse(*_: object, **__: object) -> None:
        raise UsageError("no such data set")

    monkeypatch.setattr(type(reader), "locate", refuse)
    for gone in (True, False):
        monkeypatch.setattr(type(reader), "is_gone", lambda *_, gone=gone: gone)
        if gone:
            assert find_again("hub:///x", "x", "hub") is None
        else:
            with pytest.raises(InputError, match="no such data set"):
                find_again("hub:///x", "x", "hub")
