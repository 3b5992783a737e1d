"""Recognising formats by the first bytes of a file, whatever its name says."""

import codecs
from typing import Final

COMPRESSIONS: Final[dict[str, tuple[str, tuple[bytes, ...]]]] = {
    ".gz": ("gzip", (b"\x1f\x8b\x08",)),
    ".bz2": ("bzip2", tuple(b"BZh%d" % level for level in range(1, 10))),
    ".xz": ("xz", (b"\xfd7zXZ\x00",)),
    # A Zstandard file may begin with one of sixteen kinds of skippable frames.
    ".zst": ("Zstandard", (b"\x28\xb5\x2f\xfd", *(bytes([0x50 + i]) + b"\x2a\x4d\x18" for i in range(16)))),
}
"""Suffix -> name of the compression, and the bytes that its files may begin with."""

NO_TEXT: Final = frozenset(
    "a ai avi avif bmp class cur dll dylib eot exe flac fla gif glb gltf heic ico icns jpe jpeg jpg jp2 lib m4a m4v "
    "midi mkv mo mov mp2 mp3 mp4 mpeg mpg o obj oga ogg ogv opus otf png psd pyc pyd pyo rlib safetensors so stl svgz "
    "swf tga tif tiff ttc ttf wasm wav webm webp wma wmv woff woff2 xcf pt pth ckpt onnx gguf ggml tflite".split()
)
"""Suffixes of pictures, sound, films, fonts, programs and weights, which contain no text."""

_SUFFIXES: Final = tuple(COMPRESSIONS)

PARQUET: Final = b"PAR1"
UTF8_BOM: Final = b"\xef\xbb\xbf"
TAR_BLOCK: Final = 512
_CONTROL: Final = bytes(byte for byte in (*range(32), 127) if byte not in b"\t\n\f\r")

# A text may begin with "BZh", so bzip2 also needs the magic number of a block, pi or sqrt(pi).
_BZIP2_BLOCKS: Final = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
_OTHERS: Final = (
    (PARQUET, "Parquet"),
    (b"ARROW1", "Arrow IPC"),
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "a zip archive, or a format inside one such as EPUB or DOCX"),
    (b"WARC/", "WARC"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x89HDF\r\n", "HDF5"),
)
_MAGIC: Final = (
    *(number for _, magic in COMPRESSIONS.values() for number in magic),
    *(number for number, _ in _OTHERS),
)
_MEDIA: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # Word, Excel and so on before 2007
    (b"OggS\x00", "application/ogg"),
    (b"ID3\x02", "audio/mpeg"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x7fELF", "application/x-executable"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_MEDIA_MAGIC: Final = tuple(number for number, _ in _MEDIA)
_UNICODE: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def compression_suffix(name: str) -> str:
    """The suffix in ``name`` that says how the file is compressed; ``""`` if there is none."""
    lower = name.lower()
    if not lower.endswith(_SUFFIXES):  # the usual case
        return ""
    return next(suffix for suffix in COMPRESSIONS if lower.endswith(suffix))


def compression_of(head: bytes) -> str:
    """The suffix that a file with these first bytes should have; ``""`` if it is not compressed."""
    if not head.startswith(_MAGIC):  # the usual case
        return ""
    for suffix, (_, magic) in COMPRESSIONS.items():
        if head.startswith(magic) and (suffix != ".bz2" or head[4:10] in _BZIP2_BLOCKS):
            return suffix
    return ""


def may_be_compressed(head: bytes, suffix: str) -> bool:
    """Whether a file with these first bytes, maybe cut, may be of the compression with this suffix."""
    return any(head[: len(number)] == number[: len(head)] for number in COMPRESSIONS[suffix][1])


def is_printable(head: bytes, *, whole: bool) -> bool:
    """Whether the first bytes of a file are printable text in UTF-8; if they are not all, a character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return len(head.translate(None, _CONTROL)) == len(head)


def is_tar(head: bytes) -> bool:
    """Whether a file with these first 512 bytes is a tar archive: the mark is there, and the check sum fits."""
    if head[257:262] != b"ustar" or len(head) < TAR_BLOCK:
        return False
    block = head[:TAR_BLOCK]
    digits = block[148:156].strip(b" \0")
    return bool(digits) and not digits.strip(b"01234567") and int(digits, 8) == tar_sum(block)


def tar_sum(block: bytes) -> int:
    """The check sum of the header of a tar member: the sum of its bytes, with blanks in place of the sum itself."""
    return sum(block.rstrip(b"\0")) - sum(block[148:156]) + 8 * ord(" ")  # most of a header is zeros at its end


def binary_format(head: bytes) -> str | None:
    """The name of the known binary format with these first bytes; None for anything else."""
    if not head.startswith(_MAGIC):
        return None
    if suffix := compression_of(head):
        return COMPRESSIONS[suffix][0]
    return next((name for number, name in _OTHERS if head.startswith(number)), None)


def media_of(head: bytes) -> str | None:
    """The media type of a picture, sound, PDF and so on with these first bytes; None for anything else, as for text."""
    if head.startswith(_MEDIA_MAGIC):
        return next(media for number, media in _MEDIA if head.startswith(number))
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    return "video/mp4" if head[4:8] == b"ftyp" and head[:1] == b"\0" else None


def other_unicode(head: bytes) -> str | None:
    """``UTF-16`` or ``UTF-32`` if a byte order mark says so; else None."""
    if head[:1] not in {b"\xff", b"\xfe", b"\0"}:
        return None
    return next((name for mark, name in _UNICODE if head.startswith(mark)), None)
