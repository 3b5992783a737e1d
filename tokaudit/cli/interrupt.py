"""Ctrl-C ends the program within two seconds with one message, whatever it is doing.

This module is the first that is loaded, so that interrupts are handled early: it imports only what Python has by then.
"""

import os
import signal
import sys
from types import FrameType

INTERRUPTED = "tokaudit: interrupted; what was finished is kept, and the same command goes on from there"
EXIT_CODE = 130
_GRACE_SECONDS = 1.3
"""The time that the program has to stop by itself. A catalog survives an end at any moment."""


def end_at_once(*_: object) -> None:
    """End the process with the message; also a handler of signals, for as long as the program is loaded."""
    try:
        columns = os.get_terminal_size(2).columns if os.isatty(2) else 0
        wiped = f"\r{' ' * (columns - 1)}\r" if columns else ""  # the live line
        os.write(2, f"{wiped}{INTERRUPTED}\n".encode())
    finally:
        leave(EXIT_CODE)


def leave(code: int) -> None:
    """End this process at once, and those that read for it, which may be busy for long."""
    try:
        processes = sys.modules.get("tokaudit.readers.processes.worker")
        if processes is not None and hasattr(processes, "kill_all"):  # it may be about to be loaded
            processes.kill_all()
    finally:
        os._exit(code)


def stop_in_time() -> None:
    """Let Ctrl-C raise KeyboardInterrupt from now on, and end the process if that does not end it soon.

    Python raises nothing in the middle of a call of compiled code: there a thread ends the process. If interrupts are
    ignored, as under ``nohup``, they stay so.
    """
    import threading

    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
        return
    if sys.platform != "win32":  # where a signal can't write to a pipe
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        threading.Thread(target=_wait_for_interrupt, args=(reader,), daemon=True).start()
    signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, but not into an import: there compiled packages abort the process with a traceback."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            end_at_once()
        frame = frame.f_back
    raise KeyboardInterrupt


def _wait_for_interrupt(reader: int) -> None:
    import time

    os.read(reader, 1)
    time.sleep(_GRACE_SECONDS)
    end_at_once()
