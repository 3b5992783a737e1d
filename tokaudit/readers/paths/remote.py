"""Listing files at URLs, through fsspec."""

import glob
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tokaudit.core.errors import InputError, MissingPackageError
from tokaudit.readers.paths.patience import patience_seconds, patiently

_IDENTITIES: Final = (
    *("ETag", "etag", "blob_id", "oid", "CRC", "LastModified", "Last-Modified", "last_modified", "mtime"),
    *("updated", "modificationTime", "modify", "date_time", "created"),
)
"""What file systems call the version or the time of a file, the surest first."""
_MARKERS: Final = ("/", "_$folder$")
"""What the names of empty objects end with that only stand for folders: those of consoles, and of Hadoop."""
_LOOK_UPS: Final = 16
_NOT_FOUND: Final = 404
_WEB: Final = frozenset({"http", "https"})
_S3: Final = ("s3", "s3a")
_CONNECT_SECONDS: Final = 15
_SILENT_SECONDS: Final = 20
"""How long a connection may take to be made, and to bring nothing, until it counts as broken."""
_CONNECTIONS: Final = 48


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at a URL: see `InputFile`."""

    url: str
    below: str
    size: int
    modified: str
    named: bool


def file_system(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path that the URL has in it.

    Raises:
        Exception: whatever the file system raises.
    """
    from fsspec.core import url_to_fs  # noqa: PLC0415 - slow to import, and local files don't need it

    options: dict[str, Any] = {}
    for scheme in _WEB:
        if f"{scheme}://" in url:
            from aiohttp import ClientTimeout  # noqa: PLC0415 - as above; fsspec needs it for these addresses

            # The bytes as they are stored, also from servers that call a compressed file an encoded one.
            headers = {"Accept-Encoding": "identity"}
            # By default a whole file must come within five minutes.
            timeout = ClientTimeout(None, _CONNECT_SECONDS, _SILENT_SECONDS)
            options[scheme] = {"headers": headers, "client_kwargs": {"timeout": timeout, "auto_decompress": False}}
    for scheme in _S3:
        if f"{scheme}://" in url:
            options[scheme] = {"config_kwargs": _s3_config()}
    system, path = url_to_fs(without_caches(url), **options)
    return system, str(path)


def _s3_config() -> dict[str, Any]:
    """Settings of the client for S3, below those of the user.

    A pool has ten connections by default, and a connection that hangs is waited for up to half an hour.
    """
    from fsspec.config import conf  # noqa: PLC0415 - as above

    theirs: dict[str, Any] = conf.get("s3", {}).get("config_kwargs", {})
    ours: dict[str, Any] = {"max_pool_connections": _CONNECTIONS, "connect_timeout": _CONNECT_SECONDS}
    ours["read_timeout"] = _SILENT_SECONDS
    if "AWS_MAX_ATTEMPTS" not in os.environ:
        ours["retries"] = {"total_max_attempts": 2, "mode": "standard"}  # `patiently` tries again, too
    return ours | theirs


def without_caches(url: str) -> str:
    """The URL without fsspec's caches on disk, such as ``simplecache::``, and with a local path made absolute."""
    parts = url.split("::")
    if len(parts) > 1 and "://" not in parts[-1]:  # a file on this machine
        parts[-1] = os.path.abspath(parts[-1])  # noqa: PTH100 - resolve() would follow links
    return "::".join([part for part in parts[:-1] if "://" in part] + parts[-1:])


def name_in(url: str) -> str:
    """The last part of a URL's path, without the query of a web address."""
    first = url.partition("::")[0]
    if first.partition("://")[0] in _WEB:
        first = first.partition("?")[0].partition("#")[0]
    return first.rstrip("/").rpartition("/")[2]


def find_remote(name: str) -> Iterator[RemoteFile]:
    """Find the files at a URL: a file, all files below a folder, or those that a glob matches.

    An address of the web is a file, or with a slash at its end a page with links to files. Objects that only mark
    folders are no files.

    Raises:
        InputError: there is nothing, or it can't be listed.
        MissingPackageError: a package for such URLs is not installed.
    """
    patience_seconds()  # a variable that is no time is not the file's fault
    try:
        system, path = file_system(name)
        base, infos, pattern = patiently(lambda: _listed(system, path), first_contact=True)
        infos = {found: info for found, info in infos.items() if not _is_marker(found, info)}
        urls = _urls(system, without_caches(name), path, list(infos))
    except ImportError as error:
        scheme = name.partition("://")[0].replace("https", "http")  # one extra is for both
        raise MissingPackageError(f"{name}: {error}; run pip install 'fsspec[{scheme}]'") from error
    except Exception as error:
        raise InputError(f"{name}: {why_not(error)}") from error
    if not infos:
        raise InputError(f"{name}: no files there")
    for found, info in sorted(infos.items()):
        below = found[len(base) :].lstrip("/") if found.startswith(base) else name_in(found)
        if found == path:
            below = name_in(urls[found])
        yield RemoteFile(urls[found], below, int(info.get("size") or 0), modified_of(info), found == path or pattern)


def why_not(error: BaseException) -> str:
    """What an error of a file system says, on one line, and what to do about missing rights."""
    cause = error.__cause__
    if isinstance(error, FileNotFoundError):
        # fsspec says so of every failure of a web address; the cause knows better.
        hidden = cause is not None and type(cause).__module__.startswith("aiohttp")
        return why_not(cause) if cause and hidden and getattr(cause, "status", 0) != _NOT_FOUND else "not found"
    if type(error).__name__ == "FileExpired":
        return "it has changed since it was found"
    words = " ".join(str(getattr(error, "strerror", None) or error).split())[:300] or type(error).__name__
    words = ", ".join([words, *getattr(error, "__notes__", ())[:1]])
    lower = f"{type(error).__name__} {words}".lower()
    if isinstance(error, PermissionError) or any(sign in lower for sign in ("credential", "forbidden", "denied")):
        advice = "log in with the tool of the service, or, for public data of S3, set FSSPEC_S3_ANON=true"
        return f"no right to read it ({words}); {advice}"
    return words


def is_of_web(system: Any) -> bool:
    """Whether a file system is that of web addresses."""
    return not _WEB.isdisjoint((system.protocol,) if isinstance(system.protocol, str) else system.protocol)


def _listed(system: Any, path: str) -> tuple[str, dict[str, dict[str, Any]], bool]:
    """The folder that `below` counts from, what the file system says about each file by its path, whether by a glob."""
    system.invalidate_cache()  # a program may list a folder again after it has changed
    web = is_of_web(system)
    marks = [path.index(mark) for mark in ("*[" if web else "*?[") if mark in path]
    if marks and glob.has_magic(path) and not system.exists(path):  # as for local names
        base = path[: min(marks)].rpartition("/")[0]
        found = system.glob(path, detail=True)
        files = {each: info for each, info in found.items() if info["type"] == "file"}
        return base, _looked_up(system, files) if web else files, True
    if path.endswith("/") if web else system.isdir(path):
        files = system.find(path, detail=True)
        return path.rstrip("/"), _looked_up(system, files) if web else files, False
    return path.rpartition("/")[0], {path: system.info(path)}, False


def _looked_up(system: Any, files: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the server says about each file: a page of links says nothing about them."""
    names = list(files)
    with ThreadPoolExecutor(_LOOK_UPS) as threads:
        return dict(zip(names, threads.map(system.info, names), strict=True))


def _is_marker(path: str, info: dict[str, Any]) -> bool:
    return not info.get("size") and path.endswith(_MARKERS)


def _urls(system: Any, name: str, path: str, found: list[str]) -> dict[str, str]:
    """The URL of each path found: as the file system writes it, or, if that leads elsewhere, like the URL given."""
    if not found:
        return {}
    if "::" not in name and _leads_to(system.unstrip_protocol(found[0]), system, found[0]):
        return {each: str(system.unstrip_protocol(each)) for each in found}
    first, chained, rest = name.partition("::")
    start = first.removesuffix(path) if path and first.endswith(path) else first.partition("://")[0] + "://"
    return {each: f"{start}{each}{chained}{rest}" for each in found}


def _leads_to(url: str, system: Any, path: str) -> bool:
    try:
        return file_system(url) == (system, path)
    except Exception:  # noqa: BLE001 - as a URL without its host
        return False


def modified_of(info: dict[str, Any]) -> str:
    """The version or the time of a file, and what its file system calls it; empty if it says nothing."""
    for name in _IDENTITIES:
        value = info.get(name)
        if value:  # a folder's listing may have a number where a look at the file itself has a date
            return f"{name}={value.timestamp() if isinstance(value, datetime) else value}"
    return ""
