"""Python that scripts begin with which kill copies of a process, each before another of its steps."""

from typing import Final

KILL_BEFORE: Final = """
import os, signal

def kill_before(point):
    # A function to be called before each step: it kills this process before step `point`, counted from 0.
    left = [point]
    def step():
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
    return step
"""
