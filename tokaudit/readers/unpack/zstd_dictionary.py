"""Zstandard files whose frames need a dictionary that is in a skippable frame at their start, as in ``.warc.zst``.

pyarrow unpacks no such files. The form is that of IIPC, "Zstandard compression for WARC files 1.0": a skippable frame
of one kind contains the dictionary, which may be compressed itself.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tokaudit.readers.faults import FileFault

if TYPE_CHECKING:
    import zstandard

_MARK: Final = b"\x5d\x2a\x4d\x18"
_HEAD: Final = 8
_DICTIONARY: Final = b"\x37\xa4\x30\xec"
_FRAME: Final = b"\x28\xb5\x2f\xfd"
_LONGEST: Final = 1 << 26
"""Bytes that a dictionary may have."""
_STEP: Final = 1 << 10
"""Stored bytes that are unpacked at once: to 32 MB at most."""


def has_dictionary(head: bytes) -> bool:
    """Whether a file with these first 12 bytes begins with a dictionary."""
    return head.startswith(_MARK) and head[_HEAD : _HEAD + 4] in (_DICTIONARY, _FRAME)


def damaged(error: Exception) -> FileFault:
    """The fault for what the library raises."""
    return FileFault("corrupt", f"contains damaged Zstandard data: {' '.join(str(error).split())}")


class DictionaryFrames:
    """Makes what unpacks each frame of a file, with the dictionary at its start, which is read when first needed.

    Args:
        read: returns up to so many of the next stored bytes; empty only at the end.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._unpacker: zstandard.ZstdDecompressor | None = None

    def __call__(self) -> "DictionaryFrame":
        """What unpacks the next frame; `start` comes first."""
        assert self._unpacker is not None, "the dictionary is read first"
        return DictionaryFrame(self._unpacker)

    def start(self) -> None:
        """Read the dictionary.

        Raises:
            EOFError: the file is cut in it.
            FileFault: it is damaged or too large.
        """
        import zstandard  # noqa: PLC0415 - as above

        if self._unpacker is not None:
            return
        size = int.from_bytes(self._exactly(_HEAD)[4:], "little")
        if size > _LONGEST:
            raise FileFault("too_large", "has a Zstandard dictionary of more than 64 MB: compress it again without one")
        data = self._exactly(size)
        try:
            if data.startswith(_FRAME):
                if zstandard.frame_content_size(data) > _LONGEST:
                    raise FileFault("too_large", "has a Zstandard dictionary of more than 64 MB")
                data = zstandard.ZstdDecompressor().decompress(data, max_output_size=_LONGEST)
            dictionary = zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_FULLDICT)
            self._unpacker = zstandard.ZstdDecompressor(dict_data=dictionary)
            self._unpacker.decompressobj()  # a wrong dictionary shows here
        except zstandard.ZstdError as error:
            raise damaged(error) from error

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self._read(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data


class DictionaryFrame:
    """Unpacks one frame, with the interface of ``bz2`` and ``lzma``."""

    def __init__(self, unpacker: "zstandard.ZstdDecompressor") -> None:
        self._frame = unpacker.decompressobj()
        self._input = b""
        self._output = b""

    @property
    def eof(self) -> bool:
        """Whether the frame is at its end."""
        return self._frame.eof and not self._output

    @property
    def needs_input(self) -> bool:
        """Whether nothing can be unpacked without more data."""
        return not (self._output or self._input or self._frame.eof)

    @property
    def unused_data(self) -> bytes:
        """The bytes behind the frame."""
        return self._frame.unused_data + self._input

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Unpack some data, up to so many bytes.

        Raises:
            FileFault: they are damaged.
        """
        import zstandard  # noqa: PLC0415 - as above

        held = memoryview(self._input + data)
        at = 0
        try:
            while not self._output and at < len(held) and not self._frame.eof:
                self._output = self._frame.decompress(held[at : at + _STEP])
                at += _STEP
        except zstandard.ZstdError as error:
            raise damaged(error) from error
        self._input = bytes(held[at:])
        end = len(self._output) if max_length < 0 else max_length
        found, self._output = self._output[:end], self._output[end:]
        return found
