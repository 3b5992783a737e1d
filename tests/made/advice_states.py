"""Files for calls of the program, and states that a call may find: an empty catalog, a writer, no network."""

import gzip
import os
import sys
import sysconfig
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb
import filelock
import huggingface_hub
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.pages import write_pages
from made.runs import BESIROGLU, joined, on_budgets, repeated, scattered, write_csv
from made.samples import altered, text, write_jsonl
from made.stores import write_megatron, write_olmo
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.laws.fit.protocol import Runs
from tokaudit.laws.protocol import Repetition

OLD_CATALOG = Path(__file__).parents[1] / "catalog" / "made_before_rooms" / "catalog.tar.xz"

Setup = Callable[[], AbstractContextManager[object]]


def write_files() -> None:
    """The files that the cases name, in the working directory."""
    write_jsonl(Path("a.jsonl"), [text(0), text(1)])
    write_jsonl(Path("b.jsonl"), [text(2), altered(text(0), 2)])
    write_jsonl(Path("twice.jsonl"), [text(3)] * 3)
    write_jsonl(Path("repeats.jsonl"), ["\n\n".join([text(4)] * 2)])
    write_jsonl(Path("many/one.jsonl"), [text(4)])
    write_jsonl(Path("many/two.jsonl"), [text(5)])
    write_jsonl(Path("kinds.jsonl"), [text(6), text(7)], kind=["odd", "odd"], origin=["natural", "synthetic"])
    write_megatron(Path("store.bin"), [[[1, 2, 3]], [[4]]], "<i4")
    write_olmo(Path("lone.npy"), [[1, 2, 3], [4]], "<u4")
    Path("lone.csv.gz").unlink()
    write_pages(Path("site"), 2)
    Path("body.jsonl").write_text('{"body": "some text"}\n')
    Path("summary.jsonl").write_text('{"summary": "some text"}\n')
    Path("bad.jsonl").write_text('{"text": "good"}\n{"text": 1}\n')
    pq.write_table(pa.table({"summary": ["some text"]}), "summary.parquet")
    Path("array.jsonl").write_text('[{"text": "some text"}]')
    write_jsonl(Path("hidden/.a.jsonl"), [text(8)])
    Path("records").mkdir(exist_ok=True)
    for number in range(2):
        Path(f"records/{number}.json").write_text('{"summary": "some text"}')
    Path("lists.jsonl").write_text('{"text": ["some", "text"]}\n')
    tokenizer = Tokenizer(WordLevel({"good": 0, "?": 1}, unk_token="?"))  # noqa: S106 - a token of text
    tokenizer.pre_tokenizer = Whitespace()
    Path("mine").mkdir(exist_ok=True)
    tokenizer.save("mine/tokenizer.json")
    Path("packed.jsonl.gz").write_bytes(gzip.compress(Path("a.jsonl").read_bytes()))
    with tarfile.open("two.tar", "w") as archive:
        for number in range(2):
            Path(f"{number}.txt").write_text(text(number))
            archive.add(f"{number}.txt")
    Path("strange").mkdir(exist_ok=True)
    Path("strange/page.unheard").write_text("some text")
    write_csv(Path("runs.csv"), scattered(count=15))
    write_csv(Path("dense.csv"), scattered(count=300))
    write_csv(Path("budgets.csv"), on_budgets())
    few = repeated(BESIROGLU, Repetition(15, 5))
    write_csv(Path("repeats.csv"), few)
    write_csv(Path("few.csv"), joined(on_budgets(), Runs(*(getattr(few, name)[-3:] for name in Runs.__slots__))))


def write_settings(source: str, domain: str = "web") -> None:
    """A file of settings with one source, whose text is in the file of its name."""
    Path("tokaudit.toml").write_text(f'[sources.{source}]\npaths = "{source}.jsonl"\ndomain = "{domain}"\n')


def settings_of(source: str) -> Setup:
    @contextmanager
    def written() -> Iterator[None]:
        write_settings(source)
        yield

    return written


@contextmanager
def empty_catalog() -> Iterator[None]:
    with exclusive_writer(Path("tokaudit.duckdb")):
        pass
    yield


@contextmanager
def no_migration() -> Iterator[None]:
    duckdb.connect("tokaudit.duckdb").close()
    yield


@contextmanager
def writing() -> Iterator[None]:
    with filelock.FileLock("tokaudit.duckdb.lock"):
        yield


def cut_off() -> None:
    with exclusive_writer(Path("tokaudit.duckdb")), write_transaction(Path("tokaudit.duckdb")) as connection:
        connection.execute("update store.derived set fresh = false")


def leave_out() -> None:
    with exclusive_writer(Path("tokaudit.duckdb")), write_transaction(Path("tokaudit.duckdb")) as connection:
        connection.execute("insert into store.left_out (source, path, rule) values ('a', '/x', 'unclaimed')")


def remove_signatures() -> None:
    for file in Path("tokaudit.duckdb.parts").glob("*.signatures"):
        file.unlink()


def damage_signatures() -> None:
    for file in Path("tokaudit.duckdb.parts").glob("*.signatures"):
        file.write_bytes(file.read_bytes()[:-300] + bytes(300))


def change_unseen() -> None:
    path = Path("a.jsonl")
    status = path.stat()
    path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@contextmanager
def of_another_program() -> Iterator[None]:
    with duckdb.connect("tokaudit.duckdb") as connection:
        connection.execute("create schema store; create table store.other as select 1 as n")
    yield


def opening_fails(error: duckdb.Error) -> Setup:
    @contextmanager
    def failing() -> Iterator[None]:
        def fail(*_: object, **__: object) -> None:
            raise error

        Path("tokaudit.duckdb").touch()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(duckdb, "connect", fail)
            yield

    return failing


@contextmanager
def on_a_narrow_terminal() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        patch.setenv("COLUMNS", "60")
        yield


@contextmanager
def lock_not_writable() -> Iterator[None]:
    Path("tokaudit.duckdb.lock").mkdir()
    yield
    Path("tokaudit.duckdb.lock").rmdir()


@contextmanager
def link_to_itself() -> Iterator[None]:
    Path("tokaudit.duckdb").symlink_to("tokaudit.duckdb")
    yield
    Path("tokaudit.duckdb").unlink()


@contextmanager
def a_pipe() -> Iterator[None]:
    os.mkfifo("tokaudit.duckdb")
    yield
    Path("tokaudit.duckdb").unlink()


@contextmanager
def no_hub() -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(huggingface_hub, "hf_hub_download", fail)
        yield


@contextmanager
def little_python() -> Iterator[None]:
    for name in ("stdlib/one.py", "purelib/x/README.md"):
        Path("python", name).parent.mkdir(parents=True, exist_ok=True)
        Path("python", name).write_text(text(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sysconfig, "get_path", lambda name: str(Path("python").absolute() / name))
        yield


@contextmanager
def older_catalog_without_its_files() -> Iterator[None]:
    with tarfile.open(OLD_CATALOG) as archive:
        archive.extractall(filter="data")
    old, new = Path("catalog.duckdb"), Path("tokaudit.duckdb")
    old.rename(new)
    old.with_name(old.name + ".parts").rename(new.with_name(new.name + ".parts"))
    with exclusive_writer(new), write_transaction(new) as connection:
        connection.execute("update store.files set path = '/nowhere' || path")
    yield
