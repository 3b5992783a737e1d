"""Ranges of files at web addresses, each checked to be the one that was asked for, of the file that was found."""

import re
from typing import Any, Final

from tokaudit.readers.paths.patience import ChangedError

_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_PARTIAL: Final = 206
_BEYOND: Final = 416


class NoRangesError(Exception):
    """The server sends whole files only."""


class WebFile:
    """A file at a web address, of fsspec's ``HTTPFile``.

    Args:
        file: the file, of a known size.
        tag: the entity tag of the file that was found; empty: the one of the first answer.
    """

    def __init__(self, file: Any, tag: str) -> None:
        self._file = file
        self._size = int(file.size)
        self._tag = tag

    def fetch(self, begin: int, end: int) -> bytes:
        """The bytes from one place up to another.

        Raises:
            NoRangesError: the server sends whole files only, and these are not at the beginning.
            ChangedError: the server has another file now.
            Exception: whatever else goes wrong.
        """
        from fsspec.asyn import sync  # noqa: PLC0415 - slow to import, and local files don't need it

        return bytes(sync(self._file.fs.loop, self._fetched, begin, end))

    async def _fetched(self, begin: int, end: int) -> bytes:
        options = dict(self._file.kwargs)
        headers = {**options.pop("headers", {}), "Range": f"bytes={begin}-{end - 1}"}
        session = await self._file.fs.set_session()
        address = self._file.fs.encode_url(self._file.url)
        async with session.get(address, headers=headers, **options) as answer:
            if answer.status == _BEYOND:
                raise ChangedError
            answer.raise_for_status()
            self.check(answer)
            found = _RANGE.match(answer.headers.get("Content-Range", ""))
            if found is None and answer.status != _PARTIAL:
                if begin:
                    raise NoRangesError
                return bytes(await answer.content.readexactly(end))
            if found and int(found[1]) != begin:
                raise EOFError(f"the server gives bytes from {found[1]} on instead of {begin}")
            return bytes(await answer.read())

    def check(self, answer: Any) -> None:
        """Check that an answer is about the file that was found.

        Raises:
            ChangedError: it has another tag or another size.
        """
        tag = answer.headers.get("ETag", "")
        self._tag = self._tag or tag
        if tag and tag != self._tag:
            raise ChangedError
        found = _RANGE.match(answer.headers.get("Content-Range", ""))
        size = found[3] if found else None if answer.status == _PARTIAL else answer.headers.get("Content-Length")
        if size not in (None, "*", str(self._size)):
            raise ChangedError

    def whole(self) -> Any:
        """A stream of the file from start to end.

        Raises:
            ChangedError: the server has another file now.
            Exception: whatever else goes wrong.
        """
        stream = self._file.fs.open(self._file.url, "rb", block_size=0)
        try:
            self.check(stream.r)
        except BaseException:
            stream.close()
            raise
        return stream
