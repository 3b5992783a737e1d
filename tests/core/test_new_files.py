"""Output files are not overwritten without force, and are written whole or not at all."""

import os
from pathlib import Path

import pytest

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.new_files import check_new, whole_files, write_whole


def names(folder: Path) -> set[str]:
    """All names in a folder, hidden ones too."""
    return {path.name for path in folder.iterdir()}


def fail_to_replace(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let no file get this name."""
    replace = Path.replace

    def replaced(self: Path, target: Path) -> Path:
        if target.name == name:
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replaced)


def test_only_force_lets_a_file_be_overwritten(tmp_path: Path) -> None:
    there, catalog = tmp_path / "x.md", tmp_path / "x.duckdb"
    for file in (None, there):
        check_new({"--markdown": file}, catalog, force=False)
    there.write_text("one")
    with pytest.raises(UsageError, match=r"^--markdown: .*x.md: exists already; pass --force"):
        check_new({"--html": None, "--markdown": there}, catalog, force=False)
    check_new({"--markdown": there}, catalog, force=True)


def test_two_options_cannot_name_one_file(tmp_path: Path) -> None:
    files = {"--html": tmp_path / "x", "--markdown": tmp_path / "y" / ".." / "x"}
    with pytest.raises(UsageError, match=r"^--markdown: .*x: is also the file of --html; name two files$"):
        check_new(files, tmp_path / "x.duckdb", force=True)


def test_not_even_force_lets_the_catalog_be_overwritten(tmp_path: Path) -> None:
    (tmp_path / "x.html").symlink_to(tmp_path / "x.duckdb")
    with pytest.raises(UsageError, match=r"^--html: .*x.html: is the catalog; name another file$"):
        check_new({"--html": tmp_path / "x.html"}, tmp_path / "x.duckdb", force=True)


def test_links_that_lead_to_themselves_are_no_traceback(tmp_path: Path) -> None:
    loops = tmp_path / "x.html", tmp_path / "x.duckdb"
    for loop in loops:
        loop.symlink_to(loop.name)
    check_new({"--html": loops[0]}, loops[1], force=False)


@pytest.mark.parametrize("content", ["ü\n", "ü\n".encode()])
def test_text_and_bytes_replace_what_was_there(tmp_path: Path, content: str | bytes) -> None:
    there = tmp_path / "x.md"
    there.write_text("old")
    write_whole("--markdown", there, content)

    assert there.read_bytes() == b"\xc3\xbc\n"
    assert names(tmp_path) == {"x.md"}


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "x.md"
    there.write_text("mine")
    fail_to_replace(monkeypatch, "x.md")
    with pytest.raises(InputError, match=r"^--markdown: .*x.md: can't be written: Permission denied"):
        write_whole("--markdown", there, "other")

    assert there.read_text() == "mine"
    assert names(tmp_path) == {"x.md"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_device_is_written_as_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole("--markdown", tmp_path / "pipe", "text")

    assert os.read(reader, 9) == b"text"
    assert (tmp_path / "pipe").is_fifo()
    os.close(reader)


def test_a_folder_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--markdown: .* is not a regular file; name a file"):
        write_whole("--markdown", tmp_path, "text")


def test_files_appear_when_all_are_written(tmp_path: Path) -> None:
    files = {"--kept": tmp_path / "a", "--dropped": tmp_path / "b"}
    files["--dropped"].write_text("old")
    with whole_files(files) as streams:
        for stream in streams:
            stream.write(b"new")
        assert files["--dropped"].read_text() == "old"
        assert not files["--kept"].exists()

    assert [file.read_bytes() for file in files.values()] == [b"new", b"new"]
    assert names(tmp_path) == {"a", "b"}


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt()])
def test_a_failure_leaves_everything_as_it_was(error: BaseException, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("old")

    def fail() -> None:
        with whole_files({"--kept": tmp_path / "a", "--dropped": tmp_path / "b"}) as (first, _):
            first.write(b"new")
            raise error

    with pytest.raises(type(error)):
        fail()

    assert names(tmp_path) == {"b"}
    assert (tmp_path / "b").read_text() == "old"


def test_a_failed_rename_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_to_replace(monkeypatch, "b")
    with (
        pytest.raises(InputError, match=r"^--dropped: .*b: can't be written: Permission denied"),
        whole_files({"--kept": tmp_path / "a", "--dropped": tmp_path / "b"}),
    ):
        pass

    assert names(tmp_path) == set()


def test_the_file_that_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    with whole_files({"--kept": tmp_path / "a"}) as (stream,):
        stream.write(b"new")

    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "b").read_bytes() == b"new"


def test_folders_and_devices_are_refused(tmp_path: Path) -> None:
    for file in (tmp_path, Path(os.devnull)):
        files = {"--kept": tmp_path / "a", "--dropped": file}
        with pytest.raises(UsageError, match=r"^--dropped: .* is not a regular file"), whole_files(files):
            pass

    assert names(tmp_path) == set()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    files = {"--kept": tmp_path / "missing" / "a"}
    with pytest.raises(InputError, match=r"^--kept: .*missing does not exist"), whole_files(files):
        pass
