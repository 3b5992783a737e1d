"""Whatever a page does to the extractor, it alone is lost, and the reason is known."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tokaudit.core.batches import PageBatch
from tokaudit.readers.pages import workers
from tokaudit.readers.pages.workers import Failure, extract
from tokaudit.readers.processes.worker import Pool

Pages = Callable[..., PageBatch]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("fatal", "why"),
    [
        ("CRASH", "the extractor crashed (SIGSEGV)"),
        ("ABORT", "the extractor gave up, probably because it takes more than 1.07 GB of memory"),
        ("LOOP", "it takes more than 0 s"),
        ("FILL", "it takes more than 100 MB of memory"),
        ("PANIC", "the extractor failed: called `unwrap()` on a None value ?"),
        ("RAISE", "the extractor failed: ValueError"),
        ("LEAVE", "the extractor failed: SystemExit"),
        ("EXIT", "the extractor crashed (exit code 7)"),
        ("KILL", "the system ended its process several times, probably because memory ran out"),
        ("SURROGATE", "the extractor failed: 'utf-8' codec can't encode character '\\udcff' in position 0"),
    ],
)
@pytest.mark.usefixtures("strange")
def test_a_fatal_page_is_the_only_one_that_is_lost(pages: Pages, fatal: str, why: str) -> None:
    batches = [pages([b"a", b"b"]), pages([fatal.encode(), b"c"], 2), pages([b""], 4)]
    found = extract(batches)

    assert isinstance(found[2], Failure)
    assert found[2].why.startswith(why)
    assert "\n" not in found[2].why
    assert found[:2] + found[3:] == [b"A", b"B", b"C", b""]


@pytest.mark.usefixtures("strange")
def test_a_page_that_waits_for_ever_is_given_up(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_WAIT", 1)

    assert extract([pages([b"a", b"SLEEP", b"b"])]) == [b"A", Failure("it takes more than 0 s"), b"B"]


@pytest.mark.usefixtures("strange")
def test_one_crash_among_a_thousand_pages_costs_one_page(pages: Pages) -> None:
    contents = [f"page {n}".encode() for n in range(1_000)]
    contents[500] = b"CRASH"
    found = extract([pages(contents)])

    assert [n for n, text in enumerate(found) if isinstance(text, Failure)] == [500]
    assert found[499:502:2] == [b"PAGE 499", b"PAGE 501"]


@pytest.mark.usefixtures("strange")
def test_first_last_and_neighbouring_pages_may_crash(pages: Pages) -> None:
    found = extract([pages([b"CRASH", b"CRASH", b"a", b"EXIT"])])

    assert [text if isinstance(text, bytes) else None for text in found] == [None, None, b"A", None]


@pytest.mark.usefixtures("strange")
def test_a_page_whose_process_is_killed_once_is_not_lost(pages: Pages, tmp_path: Path) -> None:
    page = f"KILL ONCE {tmp_path}/mark"

    assert extract([pages([b"a", page.encode(), b"b"])]) == [b"A", page.upper().encode(), b"B"]


def test_a_process_that_is_killed_from_outside_loses_nothing(strange: Pool, pages: Pages) -> None:
    worker = strange.take()
    strange.give(worker)
    threading.Timer(0.3, worker.process.kill).start()
    found = extract([pages([b"SLOW %d" % n for n in range(5)])])

    assert found == [b"SLOW %d" % n for n in range(5)]
    assert worker.process.poll() == -9


def test_threads_extract_at_once_and_mix_nothing_up(strange: Pool, pages: Pages) -> None:
    found: dict[int, list[bytes | Failure]] = {}

    def work(number: int) -> None:
        found[number] = extract([pages([b"SLOW %d" % number, b"page %d" % number])])

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: [b"SLOW %d" % number, b"PAGE %d" % number] for number in range(4)}
    assert len({id(strange.take()) for _ in range(2)}) == 2


def test_processes_end_after_their_request_if_the_pool_is_over(strange: Pool, pages: Pages) -> None:
    strange.finish()

    assert extract([pages([b"a"])]) == [b"A"]
    strange.over = False
    assert strange._workers == []  # noqa: SLF001 - none is idle


def test_an_interrupt_ends_the_process(strange: Pool, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = strange.take()
    strange.give(worker)

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker, "receive", interrupt)
    with pytest.raises(KeyboardInterrupt):
        extract([pages([b"a"])])
    assert worker.process.poll() is not None


@pytest.mark.usefixtures("strange")
def test_a_page_larger_than_its_memory_is_lost_alone(pages: Pages) -> None:
    large = b"x" * 120_000_000
    found = extract([pages([b"a", large, b"b"])])

    assert found == [b"A", Failure("it takes more than 100 MB of memory"), b"B"]


@pytest.mark.usefixtures("strange")
def test_pages_and_texts_far_larger_than_the_pipes_get_through(pages: Pages) -> None:
    small = [b"%d" % n for n in range(10)]
    large = [bytes([97 + n]) * 15_000_000 for n in range(8)]

    assert extract([pages(small)]) == small
    assert extract([pages(large)]) == [page.upper() for page in large]


def test_sliced_pages_are_sent_as_they_are(strange: Pool, pages: Pages) -> None:
    whole = pages([b"zero", b"", b"two", b"", b"four"])

    for begin, end in ((0, 5), (1, 4), (1, 2), (4, 5)):
        batch = pages(whole.pages[begin:end].to_pylist())
        sliced = PageBatch(
            whole.pages[begin:end], batch.kind, batch.charset, batch.extraction, batch.ordinal, batch.offset
        )
        assert extract([sliced]) == [page.upper() for page in batch.pages.to_pylist()]
    assert not strange.over


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count the processes of a user in other ways")
def test_no_more_processes_is_an_error_of_the_system(
    strange: Pool, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(OSError, match="Resource temporarily unavailable"):
        extract([pages([b"a"])])
    assert not strange.over
