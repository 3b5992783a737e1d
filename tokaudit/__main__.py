"""``tokaudit`` and ``python -m tokaudit``: Ctrl-C ends it cleanly from here on, while the program is loaded, too."""

import signal

from tokaudit.cli.interrupt import end_at_once


def run() -> None:
    """Load the program and run it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_at_once)
    from tokaudit.cli.app import run as run_program  # noqa: PLC0415 - it takes a while

    run_program()


if __name__ == "__main__":
    run()
