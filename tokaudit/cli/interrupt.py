"""Ctrl-C ends the program within two seconds with one message, whatever it is doing."""

import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Final, NoReturn

INTERRUPTED: Final = "tokaudit: interrupted; what was finished is kept, and the same command goes on from there"
EXIT_CODE: Final = 130
_GRACE_SECONDS: Final = 1.3
"""What the program has to stop by itself. A catalog survives an end at any moment."""


def end_at_once(_: int = signal.SIGINT, __: FrameType | None = None) -> NoReturn:
    """End the process with the message; a handler of signals for the time before anything else can end it."""
    try:
        columns = os.get_terminal_size(2).columns if os.isatty(2) else 0
        wiped = f"\r{' ' * (columns - 1)}\r" if columns else ""  # the live line
        os.write(2, f"{wiped}{INTERRUPTED}\n".encode())
    finally:
        os._exit(EXIT_CODE)


def stop_in_time() -> None:
    """Let Ctrl-C raise KeyboardInterrupt from now on, and end the process if that does not end it soon.

    In the middle of a call of compiled code Python raises nothing; there a thread ends the process. Where interrupts
    are ignored, as behind ``nohup``, they stay so.
    """
    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
        return
    if sys.platform != "win32":  # which wakes nothing up through a pipe
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        threading.Thread(target=_wait_for_interrupt, args=(reader,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _wait_for_interrupt(reader: int) -> None:
    os.read(reader, 1)
    time.sleep(_GRACE_SECONDS)
    end_at_once()
