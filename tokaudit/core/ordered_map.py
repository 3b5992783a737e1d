"""A map over threads, in order. The kernels release the GIL, so threads are enough and nothing is copied."""

import os
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


@contextmanager
def ordered_map(function: Callable[[A], B], items: Iterable[A], workers: int, ahead: int) -> Generator[Generator[B]]:
    """In its context, results of the function in the order of the items; at its end, no worker is left.

    Each worker takes an item, one of them at a time, and works on it at once: while one reads, others measure and the
    caller writes, no core waits, and there are never more items in memory than workers.

    Args:
        function: called in the workers' threads.
        items: iterated in the workers' threads, by one at a time.
        workers: how many.
        ahead: results that may wait for the caller; until he takes one, no item is taken.
    """
    line = _Line(function, items, workers + ahead)
    names = [f"tokaudit_{number}" for number in range(workers)]
    threads = [threading.Thread(target=line.work, name=name, daemon=True) for name in names]
    for thread in threads:
        thread.start()
    try:
        yield line.results()
    except KeyboardInterrupt:
        threads.clear()  # an item may take minutes: nobody waits for those in hand
        raise
    finally:
        line.stop(workers)
        for thread in threads:
            thread.join()


class _Line(Generic[A, B]):
    """What the workers share: whose turn it is to take an item, and the results in the order of the items."""

    def __init__(self, function: Callable[[A], B], items: Iterable[A], under_way: int) -> None:
        self._function = function
        self._items = iter(items)
        self._turn = threading.Lock()
        self._room = threading.Semaphore(under_way)
        self._results: SimpleQueue[Future[B] | None] = SimpleQueue()  # None: there are no more
        self._ended = False

    def results(self) -> Generator[B]:
        """One after the other, as they come; raises what the function or the items raised."""
        while future := self._results.get():
            yield future.result()
            self._room.release()

    def stop(self, workers: int) -> None:
        """Let no worker take another item."""
        self._ended = True
        self._room.release(workers)

    def work(self) -> None:
        """Take items and work until there is nothing to do any more."""
        while taken := self._take_next():
            item, future = taken
            try:
                future.set_result(self._function(item))
            except BaseException as error:  # noqa: BLE001 - it is raised where its result would be
                future.set_exception(error)
            del taken, item, future  # an item is large: it is let go before the next is taken

    def _take_next(self) -> tuple[A, Future[B]] | None:
        self._room.acquire()
        with self._turn:
            if self._ended:
                self._room.release()  # for the next who waits
                return None
            future = Future[B]()
            try:
                item = next(self._items)
            except StopIteration:
                self._end(None)
                return None
            except BaseException as error:  # noqa: BLE001 - likewise
                future.set_exception(error)
                self._end(future)
                return None
            self._results.put(future)
            return item, future

    def _end(self, last: Future[B] | None) -> None:
        self._ended = True
        self._room.release()
        self._results.put(last)


def worker_threads() -> int:
    """One a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
