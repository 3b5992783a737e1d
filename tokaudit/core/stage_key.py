"""Keys of stages' results: hashes of all that a result depends on."""

from typing import Final

import orjson
import xxhash

from tokaudit import __version__

_OPTIONS: Final = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS


def stage_key(stage: str, *given: object) -> str:
    """A hash, in hexadecimal, of a stage's name, of what it is given, and of this tokaudit's version.

    Args:
        stage: name of the stage.
        given: texts, numbers, arrays, None, and lists, mappings and dataclasses of these.
    """
    return xxhash.xxh3_128_hexdigest(orjson.dumps([__version__, stage, *given], option=_OPTIONS))
