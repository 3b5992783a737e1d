"""Digests of records: whether they contradict the content.

Crawlers also write wrong digests, for example of a body that they changed afterwards. A record is only damaged if none
of its digests fits, under any of the ways to take them.
"""

import base64
import binascii
import hashlib
import re
from typing import Final

from tokaudit.readers.warc.headers import Fields, header_end
from tokaudit.readers.warc.http import is_http

_ALGORITHMS: Final = {b"sha1": 20, b"sha256": 32, b"md5": 16, b"sha512": 64}
_HEX: Final = re.compile(rb"[0-9a-fA-F]+")


def contradicts(content: bytes, fields: Fields) -> str:
    """Why the digests of a record contradict its content; empty if one of them fits, or if there is none to compare."""
    body = header_end(content, 0, len(content)) if is_http(content) else 0
    payload = memoryview(content)[max(0, body) :]
    found = False
    for name, data in ((b"warc-block-digest", memoryview(content)), (b"warc-payload-digest", payload)):
        known = _known(fields.get(name, b""))
        if known is None:
            continue
        algorithm, digest = known
        if hashlib.new(algorithm, data, usedforsecurity=False).digest() == digest:
            return ""
        found = True
    return "its content does not fit its digest" if found else ""


def _known(value: bytes) -> tuple[str, bytes] | None:
    """The algorithm and the digest that a field names; None if they can't be told."""
    name, _, text = value.partition(b":")
    name = name.strip().lower().replace(b"-", b"")
    size = _ALGORITHMS.get(name)
    text = text.strip()
    if size is None:
        return None
    digest = _decoded(text, size)
    return (name.decode(), digest) if digest is not None else None


def _decoded(text: bytes, size: int) -> bytes | None:
    """A digest of so many bytes from hexadecimal, base 32 or base 64."""
    if len(text) == 2 * size and _HEX.fullmatch(text):
        return bytes.fromhex(text.decode())
    bare = text.rstrip(b"=")
    try:
        if len(bare) == -(-size * 8 // 5):
            digest = base64.b32decode(bare.upper() + b"=" * (-len(bare) % 8))
        elif len(bare) == -(-size * 8 // 6):
            digest = base64.b64decode(bare + b"=" * (-len(bare) % 4), altchars=b"-_" if set(bare) & {45, 95} else None)
        else:
            return None
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == size else None
