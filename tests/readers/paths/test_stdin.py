"""Stdin as a file."""

import io
import os
import threading
import time
from typing import Any

import pytest
from made.piped import pipe

from tokaudit.core.errors import InputError, UsageError
from tokaudit.readers.detect import is_gone
from tokaudit.readers.files import has_no_file, is_remote
from tokaudit.readers.paths.stdin import spooled_stdin


def test_stdin_is_a_file_named_after_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"x" * 3_000_000)
    file = spooled_stdin("a://b/c.gz")

    assert (file.path, file.below, file.name, file.size) == ("stdin:a://b/c.gz", "stdin", "stdin", 3_000_000)
    assert (file.modified, file.local_path, file.changed(), file.held()) == ("", None, False, file)
    assert b"".join(file.blocks()) == b"x" * 3_000_000


def test_stdin_has_no_file_and_is_gone_after_the_run(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    with open("stdin:feed", "w", encoding="utf-8"):  # noqa: PTH123 - a file that only looks like it
        pass
    assert [has_no_file(path) for path in ("stdin:feed", "frame:feed", "/x/stdin:feed", "s3://x")] == [
        *(True, True, False, False)
    ]
    assert is_gone("stdin:feed")
    assert not is_remote("stdin:s3://feed")


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe that does not block")
def test_a_pipe_that_does_not_block_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def write() -> None:
        for _ in range(5):
            time.sleep(0.01)
            os.write(writing, b"part ")
        os.close(writing)

    thread = threading.Thread(target=write)
    thread.start()
    with open(reading, encoding="utf-8") as stream:  # noqa: PTH123 - a file descriptor
        monkeypatch.setattr("sys.stdin", stream)
        assert b"".join(spooled_stdin("s").blocks()) == b"part " * 5
    thread.join()


def test_a_terminal_and_a_closed_stdin_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stdin, words in ((Terminal(), "stdin is a terminal"), (None, "which is closed")):
        monkeypatch.setattr("sys.stdin", stdin)
        with pytest.raises(UsageError, match=words):
            spooled_stdin("s")


def test_a_stdin_that_breaks_off_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _: Any) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Broken()), encoding="utf-8"))
    with pytest.raises(InputError, match="-: stdin can't be read: Input/output error"):
        spooled_stdin("s")
