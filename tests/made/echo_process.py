"""A process that answers each request with the request, or as its ``kind`` says."""

import os
import time

from tokaudit.core.child_process import leave_nothing, limit_memory
from tokaudit.readers.processes.channel import ClosedError
from tokaudit.readers.processes.child import own_channel


def main() -> None:
    """Serve the process that has started this one."""
    leave_nothing()
    channel = own_channel()
    print("what a library prints goes nowhere", flush=True)
    try:
        channel.send({"kind": "ready"})
        while True:
            header, payload = channel.receive()
            if header["kind"] == "hang":
                time.sleep(60)
            if header["kind"] == "exit":
                os._exit(header["code"])
            if header["kind"] == "limit":
                limit_memory(header["bytes"])
            channel.send({**header, "pid": os.getpid()}, payload)
    except ClosedError:
        return
