"""Names of encodings as texts use them, and of the libraries that detect encodings."""

import codecs
from importlib.metadata import version
from typing import Final

# Python's name -> the set that is meant: mostly that with the characters of vendors, as the Encoding Standard of the
# WHATWG has it.
_WIDER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


def meant_by(name: str) -> str:
    """Python's codec for an encoding that a text names; the name itself if no wider set is meant.

    Raises:
        LookupError: Python has no such codec.
    """
    return _WIDER.get(codecs.lookup(name).name, name)


def detectors() -> str:
    """Names and versions of the libraries that decide on encodings; other versions may decide otherwise."""
    return ", ".join(f"{name} {version(name)}" for name in ("charset-normalizer", "resiliparse"))
