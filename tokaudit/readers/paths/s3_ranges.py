"""Ranges of objects of S3, each checked to be the one that was asked for: s3fs itself does not look."""

import re
from typing import Any, Final

from tokaudit.readers.paths.patience import ChangedError

_OTHER_TAG: Final = 412
_BEGIN: Final = re.compile(r"bytes (\d+)-")


def fetch_from_s3(file: Any, begin: int, end: int) -> bytes:
    """The bytes of an object from one place up to another.

    Args:
        file: the object, of s3fs.
        begin: the first byte.
        end: the first byte behind them.

    Raises:
        ChangedError: the bucket has another object now.
        EOFError: the server gives other bytes.
        Exception: whatever else goes wrong.
    """
    from fsspec.asyn import sync  # noqa: PLC0415 - slow to import, and local files don't need it

    try:
        return bytes(sync(file.fs.loop, _fetched, file, begin, end))
    except OSError as error:
        response = getattr(error.__cause__, "response", None) or {}
        if response.get("ResponseMetadata", {}).get("HTTPStatusCode") == _OTHER_TAG:
            raise ChangedError from error
        raise


async def _fetched(file: Any, begin: int, end: int) -> bytes:
    version = {"VersionId": file.version_id} if file.version_id else {}
    place = {"Bucket": file.bucket, "Key": file.key, "Range": f"bytes={begin}-{end - 1}"}
    answer = await file.fs._call_s3("get_object", **place, **version, **file.read_kw)  # noqa: SLF001 - no public way
    try:
        given = _BEGIN.match(answer.get("ContentRange") or "")
        if given and int(given[1]) != begin:
            raise EOFError(f"the server gives bytes from {given[1]} on instead of {begin}")
        return bytes(await answer["Body"].read())
    finally:
        answer["Body"].close()
