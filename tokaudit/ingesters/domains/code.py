"""Source trees and data sets of source code: one document per source file or record, with labels that say what it is.

A file has the labels ``language``, ``vendored``, ``generated`` and ``licence_file``; the last three are ``true`` or
``false``. A record has its language, if it says so.
"""

from collections.abc import Mapping
from functools import partial
from typing import IO, Final

from tokaudit.ingesters.base import Ingester, LabelField
from tokaudit.ingesters.generated import HEAD_BYTES, TAIL_BYTES, is_generated
from tokaudit.ingesters.languages import language_of, library_version, usual_name
from tokaudit.ingesters.licence_files import is_licence
from tokaudit.ingesters.vendored import is_vendored
from tokaudit.readers.detect import FALLBACK, reader_by_name
from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import TEXT_FIELDS, Chosen
from tokaudit.readers.unpack.magic import compression_suffix
from tokaudit.readers.unpack.streams import open_stream

_LANGUAGE_FIELDS: Final = ("lang", "language", "programming_language")
# Fields by which a table is known as a data set of source code: those of The Stack, GitHub Code, CodeSearchNet and kin.
_MARKS: Final = (
    *_LANGUAGE_FIELDS,
    "path",
    "file_path",
    "repo_name",
    "repo_path",
    "repository_name",
    "max_stars_repo_name",
    "max_stars_repo_path",
    "blob_id",
    "content_id",
    "hexsha",
    "func_name",
)
_NO_FIELD: Final = ("\0",)

# Tables that people write by hand, next to their code.
_WRITTEN: Final = frozenset({"csv", "tsv", "json", "json5", "jsonc", "geojson"})
_NOTEBOOK: Final = "notebook"
# Archives of compiled code: the trees of their sources are elsewhere.
_COMPILED: Final = frozenset({"jar", "war", "ear", "whl", "egg", "apk", "aar", "nupkg", "vsix", "xpi"})
_NO_TABLE: Final = _WRITTEN | _COMPILED
# Suffixes of files without text or source, next to compressed ones; other binary files contain a zero byte.
_BINARY: Final = _COMPILED | frozenset(
    "7z a avi bin bmp class db dll dylib eot epub exe gif ico icns jpeg jpg lib mo mov mp3 mp4 npy npz o "
    "ogg otf pack pdf pickle pkl png psd pt pth pyc pyd rar so sqlite tar tgz tif tiff ttf wasm wav webm webp "
    "woff woff2 xls xlsx zip".split()
)


def _choose(file: InputFile) -> Chosen:
    name = _name(file)
    suffix = _suffix(name)
    if suffix == "ipynb":
        return Chosen(reader=_NOTEBOOK)
    claimed = reader_by_name(name)
    if claimed is not None and suffix not in _NO_TABLE:
        plug = READERS.get(claimed)
        if plug.is_archive:  # an archive is a table, too: what counts in it is chosen by member
            return Chosen(reader=claimed)
        if plug.is_table:
            return _table(file, claimed)
    if compression_suffix(name) or suffix in _BINARY:
        return Chosen(left_out="binary")
    held = file.held()
    return Chosen(left_out="binary") if _has_nul(held) else Chosen(reader=FALLBACK, file=held)


def _table(file: InputFile, reader: str) -> Chosen:
    """Read a table if it is a data set of source code. Any other table in a source tree is data."""
    has_field = partial(READERS.get(reader).has_field, file)
    if not (has_field(_MARKS) and has_field(TEXT_FIELDS)):
        return Chosen(left_out="data")
    if has_field(_NO_FIELD):  # as all files have that can't be read
        return Chosen(left_out="unreadable" if file.size else "data")
    return Chosen(reader=reader)


def _has_nul(file: InputFile) -> bool:
    if file.data is not None:
        return b"\0" in file.data
    try:
        return any(b"\0" in block for block in file.blocks())
    except OSError:
        return False  # the reader reports why it can't be read


def _name(file: InputFile) -> str:
    """The last part of the path, inside the archive if it is in one."""
    return file.below.rpartition("/")[2]


def _suffix(name: str) -> str:
    return name.lower().rpartition(".")[2] if "." in name else ""


def _labels(file: InputFile) -> Mapping[str, str]:
    below = file.below[: len(file.below) - len(compression_suffix(file.below))]
    head, tail = _ends(file)
    language = language_of(below.rpartition("/")[2], head)
    return {
        "language": language,
        "vendored": _said(is_vendored(below)),
        "generated": _said(is_generated(below, head, tail)),
        "licence_file": _said(is_licence(below, language)),
    }


def _said(fact: bool) -> str:
    return "true" if fact else "false"


def _ends(file: InputFile) -> tuple[bytes, bytes]:
    """The first and last bytes of a file, unpacked; nothing if it can't be read, as its reader will say.

    A compressed file has no last bytes here, because it would have to be unpacked as a whole.
    """
    if file.data is not None and not compression_suffix(file.name):
        return file.data[:HEAD_BYTES], file.data[-TAIL_BYTES:]
    try:
        if compression_suffix(file.name):
            with open_stream(file) as stream:
                return stream.read(HEAD_BYTES), b""
        with file.open() as raw:
            head = raw.read(HEAD_BYTES)
            return head, head[-TAIL_BYTES:] if len(head) < HEAD_BYTES else _tail(raw, file.size)
    except (FileFault, OSError):
        return b"", b""


def _tail(raw: IO[bytes], size: int) -> bytes:
    try:
        raw.seek(max(0, size - TAIL_BYTES))
    except (OSError, ValueError):  # some remote files can only be read forwards
        return b""
    return raw.read(TAIL_BYTES)


INGESTER: Final = Ingester(
    choose=_choose,
    labels=_labels,
    label_fields={"language": LabelField(_LANGUAGE_FIELDS, usual_name)},
    label_library=library_version,
    is_code=True,
    compares_lines=True,
)
