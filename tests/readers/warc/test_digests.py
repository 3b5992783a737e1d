"""Digests in all spellings, right and wrong."""

import base64
import hashlib

import pytest

from tokaudit.readers.warc.digests import contradicts

BODY = b"<html>the page</html>"
CONTENT = b"HTTP/1.1 200 OK\r\n\r\n" + BODY


def spellings(data: bytes) -> list[bytes]:
    """The digests of some data, as crawlers write them."""
    sha1 = hashlib.sha1(data).digest()  # noqa: S324 - as WARC has it
    return [
        b"sha1:" + base64.b32encode(sha1),
        b"SHA-1: " + base64.b32encode(sha1).lower(),
        b"sha1:" + sha1.hex().encode(),
        b"sha1:" + base64.b64encode(sha1),
        b"sha1:" + base64.urlsafe_b64encode(sha1),
        b"sha256:" + hashlib.sha256(data).hexdigest().upper().encode(),
        b"md5:" + base64.b32encode(hashlib.md5(data).digest()),  # noqa: S324 - likewise
    ]


@pytest.mark.parametrize("number", range(7))
def test_a_digest_fits_in_every_spelling(number: int) -> None:
    assert contradicts(CONTENT, {b"warc-block-digest": spellings(CONTENT)[number]}) == ""
    assert contradicts(CONTENT, {b"warc-payload-digest": spellings(BODY)[number]}) == ""
    assert contradicts(CONTENT, {b"warc-block-digest": spellings(CONTENT + b"x")[number]}) != ""


def test_one_digest_that_fits_is_enough() -> None:
    wrong, right = spellings(b"something else")[0], spellings(BODY)[0]

    assert contradicts(CONTENT, {b"warc-block-digest": wrong, b"warc-payload-digest": right}) == ""
    assert contradicts(CONTENT, {b"warc-block-digest": wrong, b"warc-payload-digest": wrong}) != ""


@pytest.mark.parametrize("value", [b"", b"sha1:", b"sha1:xyz", b"crc32:00000000", b"sha1:" + b"!" * 32, b"no colon"])
def test_a_digest_that_can_not_be_told_says_nothing(value: bytes) -> None:
    assert contradicts(CONTENT, {b"warc-block-digest": value}) == ""
