"""This machine's threads. The kernels release the GIL, so threads are enough and nothing is copied."""

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


def ordered_map(function: Callable[[A], B], items: Iterator[A], workers: int, ahead: int) -> Generator[B]:
    """Results of the function in the order of the items; close it if not all are taken, so that the workers end.

    Each worker draws an item, one of them at a time, and works on it at once: while one reads, others measure and the
    caller writes, no core waits, and there are never more items in memory than workers.

    Args:
        function: called in the workers' threads.
        items: iterated in the workers' threads, by one at a time.
        workers: how many.
        ahead: results that may wait for the caller; until he takes one, nobody draws.
    """
    line = _Line(function, items, workers + ahead)
    threads = [threading.Thread(target=line.work, name=f"tokaudit_{number}") for number in range(workers)]
    for thread in threads:
        thread.start()
    try:
        while future := line.results.get():
            yield future.result()
            line.room.release()
    finally:
        line.ended = True
        line.room.release(workers)
        for thread in threads:
            thread.join()


class _Line(Generic[A, B]):
    """What the workers share: whose turn it is to draw, and the results in the order of the items."""

    def __init__(self, function: Callable[[A], B], items: Iterator[A], under_way: int) -> None:
        self._function = function
        self._items = items
        self._drawing = threading.Lock()
        self.room = threading.Semaphore(under_way)
        self.results: SimpleQueue[Future[B] | None] = SimpleQueue()  # None: there are no more
        self.ended = False

    def work(self) -> None:
        """Draw and work until there is nothing to do any more."""
        while drawn := self._draw():
            item, future = drawn
            try:
                future.set_result(self._function(item))
            except BaseException as error:  # noqa: BLE001 - it is raised where its result would be
                future.set_exception(error)
            del drawn, item, future  # an item is large: it is let go before the next is drawn

    def _draw(self) -> tuple[A, Future[B]] | None:
        self.room.acquire()
        with self._drawing:
            if self.ended:
                self.room.release()  # for the next who waits
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
            self.results.put(future)
            return item, future

    def _end(self, last: Future[B] | None) -> None:
        self.ended = True
        self.room.release()
        self.results.put(last)
