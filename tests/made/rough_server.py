"""A server of the web and of objects behind a rough line: slow to answer, narrow, and failing in every way.

It answers `GET` and `HEAD` with ranges, and lists a bucket as S3 does. Whether a request fails is drawn from its path,
its range and how often it was asked before: it does not depend on which connection was faster.
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

import xxhash

_BLOCK: Final = 1 << 16
_ANSWERS: Final = {
    200: "OK",
    206: "Partial Content",
    403: "Forbidden",
    404: "Not Found",
    412: "Precondition Failed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_CODES: Final = {
    403: "AccessDenied",
    404: "NoSuchKey",
    412: "PreconditionFailed",
    500: "InternalError",
    503: "SlowDown",
}


@dataclass(frozen=True)
class Line:
    """What the line and the server do to requests for objects. Shares are of 1, drawn for each request.

    Attributes:
        delay: least and most seconds before an answer.
        rate: bytes per second of one connection; 0: any.
        link: bytes per second of all connections together; 0: any.
        statuses: status -> share of the requests that get it in place of an answer.
        retry_after: what failing answers say in the header ``Retry-After``; empty: they have none.
        cut: share of the bodies that end somewhere in the middle, with the connection.
        reset: share of the requests that get a reset connection.
        hang: share of the requests that get the head of an answer, and then nothing.
        shifted: share of the ranges that are others of the same length, as the answer says.
        short: share of the bodies whose length is said, and is, less than was asked.
        changed_after: how many answers an object gives before it is another one, with another tag; 0: it never is.
        heads: whether a request for the head alone may fail, too.
    """

    delay: tuple[float, float] = (0.0, 0.0)
    rate: float = 0.0
    link: float = 0.0
    statuses: Mapping[int, float] = field(default_factory=dict)
    retry_after: str = ""
    cut: float = 0.0
    reset: float = 0.0
    hang: float = 0.0
    shifted: float = 0.0
    short: float = 0.0
    changed_after: int = 0
    heads: bool = False


@dataclass
class Request:
    """A request: its method, its path, its query, and its headers in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]

    @property
    def range(self) -> str:
        """The range asked for; empty if there is none."""
        return self.headers.get("range", "")


@dataclass
class RoughServer:
    """Objects by their path, such as ``/bucket/key``, and the line they are behind.

    Attributes:
        objects: the objects.
        line: what happens to requests.
        dead: path -> status of every answer about it.
        asked: all requests so far.
        sent: bytes of bodies so far.
        port: where it listens on this machine.
        most_at_once: the most requests that it had at one time.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    dead: dict[str, int] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    sent: int = 0
    port: int = 0
    most_at_once: int = 0
    _now: int = 0
    _free_at: float = 0.0
    _tries: Counter[str] = field(default_factory=Counter)
    _given_of: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while (request := await _request(reader)) is not None:
                self.asked.append(request)
                self._now += 1
                self.most_at_once = max(self.most_at_once, self._now)
                try:
                    goes_on = await self._answered(request, writer)
                finally:
                    self._now -= 1
                if not goes_on:
                    break
        writer.close()

    async def _answered(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer a request; False if the connection ends with it."""
        line = self.line
        chance = self._chance(request)
        await asyncio.sleep(chance.uniform(*line.delay))
        name = unquote(request.path)
        if name in self.dead:
            return await self._refused(request, writer, self.dead[name])
        if name not in self.objects:
            return await self._listed(request, writer)
        if request.method != "HEAD" or line.heads:
            for status, share in line.statuses.items():
                if chance.random() < share:
                    return await self._refused(request, writer, status)
            if chance.random() < line.reset:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
                return False
        return await self._given(request, writer, chance)

    def _tag(self, name: str) -> str:
        changed = 0 < self.line.changed_after <= self._given_of[name]
        return f'"{xxhash.xxh3_64_hexdigest(self.objects[name], seed=int(changed))}"'

    def _chance(self, request: Request) -> random.Random:
        what = f"{request.method} {request.path} {request.range}"
        self._tries[what] += 1
        return random.Random(f"{what} {self._tries[what]}")

    async def _refused(self, request: Request, writer: asyncio.StreamWriter, status: int) -> bool:
        code = _CODES.get(status, "Other")
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>made for a test</Message></Error>".encode()
        extra = {"Retry-After": self.line.retry_after} if self.line.retry_after else {}
        writer.write(_head(status, {"Content-Type": "application/xml", "Content-Length": len(body), **extra}))
        if request.method != "HEAD":
            writer.write(body)
        await writer.drain()
        return True

    async def _given(self, request: Request, writer: asyncio.StreamWriter, chance: random.Random) -> bool:
        """Send an object, or a range of it."""
        line, name = self.line, unquote(request.path)
        whole = self.objects[name]
        tag = self._tag(name)
        self._given_of[name] += 1
        if request.headers.get("if-match", tag) != tag:
            return await self._refused(request, writer, 412)
        begin, end = 0, len(whole)
        if request.range:
            first, _, last = request.range.removeprefix("bytes=").partition("-")
            begin, end = int(first), min(int(last or end) + 1, end)
        if request.range and chance.random() < line.shifted and begin:
            begin, end = begin - 1, end - 1
        if chance.random() < line.short and (request.method != "HEAD" or line.heads):
            end = begin + (end - begin) // 2
        head = {"Content-Length": end - begin, "ETag": tag, "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
        head |= {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
        if request.range:
            head["Content-Range"] = f"bytes {begin}-{end - 1}/{len(whole)}"
        writer.write(_head(206 if request.range else 200, head))
        await writer.drain()
        if request.method == "HEAD":
            return True
        if chance.random() < line.hang:
            await asyncio.sleep(3600)
        is_cut = chance.random() < line.cut
        await self._send(writer, memoryview(whole)[begin : chance.randint(begin, end - 1) if is_cut else end])
        return not is_cut

    async def _send(self, writer: asyncio.StreamWriter, body: memoryview) -> None:
        """Send bytes as fast as the connection and the link allow."""
        free = time.monotonic()
        for place in range(0, len(body), _BLOCK):
            block = body[place : place + _BLOCK]
            now = time.monotonic()
            if self.line.rate:
                free = max(free, now - 0.05) + len(block) / self.line.rate
            if self.line.link:
                self._free_at = max(self._free_at, now - 0.02) + len(block) / self.line.link
            until = max(free if self.line.rate else 0.0, self._free_at if self.line.link else 0.0)
            if until - now > 0.002:
                await asyncio.sleep(until - now)
            writer.write(block)
            self.sent += len(block)
            await writer.drain()

    async def _listed(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """A page of S3's list of a bucket, or the answer that there is nothing."""
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        bucket = unquote(request.path).strip("/")
        if "list-type" not in query or "/" in bucket:
            return await self._refused(request, writer, 404)
        prefix, mark = query.get("prefix", ""), query.get("delimiter", "")
        keys = {name.removeprefix(f"/{bucket}/"): data for name, data in self.objects.items()}
        found, folders = [], set()
        for key, data in sorted(keys.items()):
            rest = key.removeprefix(prefix)
            if not key.startswith(prefix):
                continue
            if mark and mark in rest:
                folders.add(prefix + rest.partition(mark)[0] + mark)
                continue
            tag = self._tag(f"/{bucket}/{key}")
            found.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-02T10:00:00.000Z</LastModified>"
                f"<ETag>{escape(tag)}</ETag><Size>{len(data)}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            )
        common = "".join(
            f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in sorted(folders)
        )
        body = (
            '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(found) + len(folders)}</KeyCount>"
            f"<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>{''.join(found)}{common}</ListBucketResult>"
        ).encode()
        writer.write(_head(200, {"Content-Type": "application/xml", "Content-Length": len(body)}) + body)
        await writer.drain()
        return True


async def _request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None at its end."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    path, _, query = target.partition("?")
    return Request(method, path, query, headers)


def _head(status: int, headers: Mapping[str, object]) -> bytes:
    lines = [f"HTTP/1.1 {status} {_ANSWERS[status]}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@contextlib.contextmanager
def rough_server() -> Iterator[RoughServer]:
    """A server that runs in a thread of this process."""
    made = RoughServer()
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def listen() -> None:
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
        made.port = server.sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(listen())
        loop.run_forever()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
