"""A parallel map over threads, in order; the kernels release the GIL, so threads suffice and nothing is copied."""

import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Generic, TypeVar

from tokaudit.core.shortage import most_threads, usable_cores

A = TypeVar("A")
B = TypeVar("B")


@contextmanager
def ordered_map(function: Callable[[A], B], items: Iterable[A], workers: int, ahead: int) -> Generator[Generator[B]]:
    """A context with the function's results in the order of the items; when it ends, no worker is left.

    Workers take turns to fetch an item, and each processes its own at once. While one reads, others measure and the
    caller writes: no core waits, and memory never contains more items than there are workers.

    Args:
        function: called in the workers' threads.
        items: iterated in the workers' threads, by one thread at a time.
        workers: number of threads.
        ahead: number of results that may wait for the caller; when so many wait, no further item is fetched.
    """
    line = _Line(function, items, workers + ahead)
    names = [f"tokaudit_{number}" for number in range(workers)]
    threads = [threading.Thread(target=line.work, name=name, daemon=True) for name in names]
    for thread in threads:
        thread.start()
    try:
        yield line.results()
    except KeyboardInterrupt:
        threads.clear()  # an item may take minutes: don't wait for those in hand
        raise
    finally:
        line.stop(workers)
        for thread in threads:
            thread.join()


class _Line(Generic[A, B]):
    """State shared by the workers: the turn to fetch an item, and the results in the order of the items."""

    def __init__(self, function: Callable[[A], B], items: Iterable[A], under_way: int) -> None:
        self._function = function
        self._items = iter(items)
        self._turn = threading.Lock()
        self._room = threading.Semaphore(under_way)
        self._results: SimpleQueue[Future[B] | None] = SimpleQueue()  # None: there are no more
        self._ended = False

    def results(self) -> Generator[B]:
        """Yield the results in order; raise what the function or the items raised."""
        while future := self._results.get():
            yield future.result()
            self._room.release()

    def stop(self, workers: int) -> None:
        """Stop all workers from fetching another item."""
        self._ended = True
        self._room.release(workers)

    def work(self) -> None:
        """Fetch and process items until there are none left."""
        while taken := self._take_next():
            item, future = taken
            try:
                future.set_result(self._function(item))
            except BaseException as error:  # noqa: BLE001 - raised in place of the result
                future.set_exception(error)
            del taken, item, future  # an item is large: free it before fetching the next

    def _take_next(self) -> tuple[A, Future[B]] | None:
        self._room.acquire()
        with self._turn:
            if self._ended:
                self._room.release()  # for the next worker that waits
                return None
            future = Future[B]()
            try:
                item = next(self._items)
            except StopIteration:
                self._end(None)
                return None
            except BaseException as error:  # noqa: BLE001 - as above
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
    """The number of cores that this process may use; fewer if its address space has no room for a thread on each."""
    cores, most = usable_cores(), most_threads()
    return cores if most is None else min(cores, most)
