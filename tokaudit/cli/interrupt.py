"""Ctrl-C ends the program within two seconds with one message, whatever it is doing; so does SIGTERM, at once.

This module is the first that is loaded, so that interrupts are handled early: it imports only what Python has by then.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

_KEPT = "what was finished is kept, and the same command goes on from there"
WHY = {signal.SIGINT: f"interrupted; {_KEPT}", signal.SIGTERM: f"terminated; {_KEPT}"}
INTERRUPTED = f"tokaudit: {WHY[signal.SIGINT]}"
EXIT_CODE = 130
_GRACE_SECONDS = 1.3
"""The time that the program has to stop by itself. A catalog survives an end at any moment."""
_BEGUN = time.monotonic()


def chosen_progress(arguments: Sequence[str]) -> str:
    """The value of the last ``--progress`` in arguments that are not parsed yet, or of its variable; may be empty."""
    chosen = os.environ.get("TOKAUDIT_PROGRESS", "")
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--progress="):
            chosen = argument.partition("=")[2]
        elif argument == "--progress" and place + 1 < len(arguments):
            chosen = arguments[place + 1]
    return chosen


def last_events(text: str, code: int, seconds: float) -> str:
    """The JSON Lines that end the program's stderr; the text is ASCII without quotes."""
    error = f'{{"event": "error", "text": "{text}", "exit_code": {code}}}\n' if text else ""
    return f'{error}{{"event": "done", "exit_code": {code}, "seconds": {seconds:.3f}}}\n'


def _early_words(text: str, code: int) -> str:
    """What is written to stderr before the program is loaded."""
    if chosen_progress(sys.argv[1:]) == "json":
        return last_events(text, code, time.monotonic() - _BEGUN)
    return f"tokaudit: {text}\n"


_last_words: Callable[[str, int], str] = _early_words


def speak_through(words: Callable[[str, int], str]) -> None:
    """Let a function say what stderr gets at a sudden end, given the reason and the exit code; it must not wait."""
    global _last_words  # noqa: PLW0603 - there is one stderr, and handlers of signals take no arguments
    _last_words = words


def end_at_once(number: int = signal.SIGINT, *_: object) -> None:
    """End the process with the message; also a handler of signals, for as long as the program is loaded."""
    code = 128 + number
    try:
        said = _last_words(WHY[signal.Signals(number)], code)
        columns = os.get_terminal_size(2).columns if os.isatty(2) and said[:1] != "{" else 0
        wiped = f"\r{' ' * (columns - 1)}\r" if columns else ""  # the live line
        os.write(2, f"{wiped}{said}".encode())
    finally:
        leave(code)


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
    ignored, as under ``nohup``, they stay so. SIGTERM ends the process at once.
    """
    import threading

    has_pipe = sys.platform != "win32"  # where a signal can't write to one
    handlers = {signal.SIGINT: _interrupt, signal.SIGTERM: _leave_to_thread if has_pipe else end_at_once}
    handled = {
        number: handler
        for number, handler in handlers.items()
        if signal.getsignal(number) not in (signal.SIG_IGN, None)
    }
    if not handled:
        return
    if has_pipe:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            threading.Thread(target=_wait_for_signal, args=(reader, list(handled)), daemon=True).start()
        except RuntimeError:  # the system starts no more threads
            signal.set_wakeup_fd(-1)
            handlers[signal.SIGTERM] = end_at_once
    for number in handled:
        signal.signal(number, handlers[number])


def _leave_to_thread(*_: object) -> None:
    """Do nothing: the thread that waits for signals ends the process, and says so once."""


def _interrupt(_: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, but not into an import: there compiled packages abort the process with a traceback."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            end_at_once()
        frame = frame.f_back
    raise KeyboardInterrupt


def _wait_for_signal(reader: int, awaited: Sequence[int]) -> None:
    number = 0
    while number not in awaited:  # others that have a handler write here, too
        number = os.read(reader, 1)[0]
    if number == signal.SIGINT:
        time.sleep(_GRACE_SECONDS)
    end_at_once(number)
