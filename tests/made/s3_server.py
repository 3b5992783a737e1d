"""An S3-like server on this machine, with delays and faults: moto's server behind a thin layer."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
import fsspec
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

BUCKET: Final = "corpora"
_ERROR: Final = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>made for a test</Message></Error>"
_CODES: Final = {403: "AccessDenied", 500: "InternalError", 503: "SlowDown"}

Start = Callable[..., Any]


@dataclass(frozen=True)
class Asked:
    """A request: method, path, query, and the ``Range`` header, empty if there is none."""

    method: str
    path: str
    query: str
    range: str


@dataclass
class Fault:
    """What happens to requests for objects whose path contains `part`.

    Attributes:
        part: part of the path.
        method: of the request.
        status: status of the answer; 0: the connection breaks off in the middle of the answer's body.
        times: how many requests fail; the ones after them succeed.
        after: how many requests succeed before.
    """

    part: str
    status: int
    times: int = 10**9
    after: int = 0
    method: str = "GET"

    def strikes(self, asked: Asked) -> bool:
        """Whether this request fails."""
        if asked.method != self.method or self.part not in asked.path or not self.times:
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


@dataclass
class S3Server:
    """The server's address, its requests so far, and what is to go wrong.

    Attributes:
        url: where it listens.
        client: a client of boto3.
        asked: all requests.
        faults: what goes wrong.
        seconds: delay before each answer.
    """

    url: str = ""
    client: Any = None
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0

    def put(self, objects: Mapping[str, bytes], bucket: str = BUCKET) -> None:
        """Store objects."""
        for key, data in objects.items():
            self.client.put_object(Bucket=bucket, Key=key, Body=data)

    def reset(self) -> None:
        """Remove all objects and faults, forget the requests, and let fsspec forget the file system."""
        self.faults.clear()
        self.seconds = 0.0
        for bucket in self.client.list_buckets()["Buckets"]:
            name = bucket["Name"]
            for found in self.client.list_objects_v2(Bucket=name).get("Contents", ()):
                self.client.delete_object(Bucket=name, Key=found["Key"])
            self.client.delete_bucket(Bucket=name)
        self.client.create_bucket(Bucket=BUCKET)
        self.asked.clear()
        fsspec.get_filesystem_class("s3").clear_instance_cache()

    def reads(self, part: str = "") -> list[Asked]:
        """The requests that read objects whose path contains `part`."""
        return [each for each in self.asked if each.method == "GET" and part in each.path.strip("/").partition("/")[2]]

    def answer(self, app: Callable[..., Iterable[bytes]], environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """A WSGI application: the answer of `app`, or a fault."""
        asked = Asked(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_RANGE", "")
        )
        self.asked.append(asked)
        if self.seconds:
            time.sleep(self.seconds)
        fault = next((each for each in self.faults if each.strikes(asked)), None)
        if fault is None:
            return app(environ, start)
        if fault.status:
            body = _ERROR.format(code=_CODES[fault.status]).encode()
            start(f"{fault.status} made", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [body]
        return _broken_off(app(environ, start), environ["werkzeug.socket"])


def _broken_off(body: Iterable[bytes], connection: socket.socket) -> Iterator[bytes]:
    """Half of the body; then the connection is gone."""
    whole = b"".join(body)
    yield whole[: len(whole) // 2]
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, as with real servers

    def log(self, *_: Any, **__: Any) -> None:
        """Nothing."""


@contextlib.contextmanager
def serving() -> Iterator[S3Server]:
    """A server that runs in threads of this process; fsspec and boto3 reach it as if it were S3."""
    made = S3Server()
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1", 0, lambda environ, start: made.answer(app, environ, start), threaded=True, request_handler=_Handler
    )
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        settings = {
            "AWS_ENDPOINT_URL": made.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }
        for name, value in settings.items():
            patch.setenv(name, value)
        made.client = boto3.client("s3")
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        try:
            yield made
        finally:
            fsspec.get_filesystem_class("s3").clear_instance_cache()
            server.shutdown()
            thread.join()
            server.server_close()
