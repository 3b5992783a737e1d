"""Names of encodings as texts use them: mostly, the set with the characters that vendors added is meant."""

import codecs
from typing import Final

# Python's name -> the set that is meant, as the WHATWG's Encoding Standard has it.
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
