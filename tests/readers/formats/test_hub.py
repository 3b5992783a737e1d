"""Datasets: saved folders, local files and names on the hub, one file per split. No test uses the network."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from huggingface_hub import HfApi, errors
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.errors import InputError, UsageError
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import hub

Seen = Callable[..., Any]

CARD = """---
configs:
- config_name: one
  data_files:
  - split: train
    path: data/a.jsonl
  - split: test
    path: data/b.jsonl
- config_name: all
  data_files: data/*.jsonl
---
"""


def below(files: list[InputFile]) -> list[str]:
    return [file.below for file in files]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a saved dataset of three shards and a saved dictionary of splits."""
    folder = tmp_path_factory.mktemp("saved")
    texts = [None if i == 4 else f"text {i}" for i in range(10)]
    dataset = datasets.Dataset.from_dict({"text": texts, "n": list(range(10))})
    dataset.save_to_disk(folder / "one", num_shards=3)
    splits = datasets.DatasetDict({"train": dataset, "test": dataset.select([1, 2])})
    splits.save_to_disk(folder / "splits")
    return folder


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """A folder with data files and a card that names two configurations."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.jsonl").write_text('{"text":"a0","n":1}\n{"text":"a1","n":2}\n')
    (tmp_path / "data" / "b.jsonl").write_text('{"text":"b0","n":3}\n')
    (tmp_path / "README.md").write_text(CARD)
    return tmp_path


def test_a_saved_dataset_is_one_file_with_all_shards_in_order(saved: Path, seen: Seen) -> None:
    (file,) = hub.locate(str(saved / "one"))

    found = seen(file, "hub", labels={"label": "n"}, batch_bytes=12)

    assert found.texts == [f"text {i}" for i in range(10) if i != 4]
    assert found.labels["label"] == [str(i) for i in range(10) if i != 4]
    assert found.codes == [(4, "null_text")]
    assert (file.path, file.below) == (f"hub://{saved}/one", "dataset")
    assert file.size == sum(shard.stat().st_size for shard in (saved / "one").glob("*.arrow"))
    assert file.modified


def test_a_saved_dictionary_is_one_file_per_split(saved: Path, seen: Seen) -> None:
    files = hub.locate(str(saved / "splits"))

    assert below(files) == ["train", "test"]
    assert [len(seen(file, "hub").texts) for file in files] == [9, 2]
    assert hub.locate(f"{saved}/splits::test") == files[1:]
    assert hub.locate(files[1].path) == files[1:]


def test_a_split_is_gone_once_its_data_or_its_name_is_gone(saved: Path, tmp_path: Path) -> None:
    datasets.load_from_disk(saved / "splits").save_to_disk(tmp_path / "copy")
    train, test = (file.path for file in hub.locate(str(tmp_path / "copy")))
    assert not any(map(hub.is_gone, (train, test, "hub://org/name:default:train@0123abc")))
    (tmp_path / "copy" / "dataset_dict.json").write_text('{"splits": ["train"]}')
    assert [hub.is_gone(train), hub.is_gone(test)] == [False, True]
    shutil.rmtree(tmp_path / "copy")
    assert [hub.is_gone(train), hub.is_gone(test)] == [True, True]


def test_unknown_splits_and_configurations_of_a_saved_dataset(saved: Path) -> None:
    with pytest.raises(UsageError, match=r"/splits: has no split 'dev' \(known: train, test\)"):
        hub.locate(f"{saved}/splits::dev")
    with pytest.raises(
        UsageError, match=r"splits: is a saved dataset, which has no configurations; name a split as .*::SPLIT"
    ):
        hub.locate(f"{saved}/splits:train")


@pytest.mark.parametrize("name", ["state.json", "data-00001-of-00003.arrow"])
def test_a_saved_dataset_with_a_missing_file_is_refused(saved: Path, tmp_path: Path, seen: Seen, name: str) -> None:
    datasets.load_from_disk(saved / "one").save_to_disk(tmp_path / "copy", num_shards=3)
    (file,) = hub.locate(str(tmp_path / "copy"))
    (tmp_path / "copy" / name).unlink()

    assert seen(file, "hub").refused in {"corrupt", "unreadable"}


def test_a_saved_dataset_with_a_damaged_state_is_an_input_error(saved: Path, tmp_path: Path) -> None:
    datasets.load_from_disk(saved / "one").save_to_disk(tmp_path / "copy")
    (tmp_path / "copy" / "state.json").write_text("{")

    with pytest.raises(InputError, match=r"copy: is a damaged saved dataset: .*; save it again$"):
        hub.locate(str(tmp_path / "copy"))


def test_a_saved_shard_cut_at_any_byte_is_noticed(saved: Path, tmp_path: Path, seen: Seen) -> None:
    datasets.load_from_disk(saved / "splits" / "test").save_to_disk(tmp_path / "copy")
    (file,) = hub.locate(str(tmp_path / "copy"))
    (shard,) = (tmp_path / "copy").glob("*.arrow")
    whole = shard.read_bytes()

    for end in range(0, len(whole), 7):
        shard.write_bytes(whole[:end])
        assert seen(file, "hub").refused == "cut", end


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_shard_never_makes_the_reader_raise(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, seen: Seen, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    datasets.load_from_disk(saved / "splits" / "train").save_to_disk(folder)
    (file,) = hub.locate(str(folder))
    (shard,) = folder.glob("*.arrow")
    spoilt = bytearray(shard.read_bytes())
    spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= data.draw(st.integers(1, 255))
    shard.unlink()  # the old one may still be mapped into memory
    shard.write_bytes(spoilt)

    found = seen(file, "hub", labels={"label": "n"})

    assert found.refused or len(found.texts) + len(found.bad) == 10


def test_a_saved_shard_with_data_after_its_end_is_noticed(saved: Path, tmp_path: Path, seen: Seen) -> None:
    datasets.load_from_disk(saved / "splits" / "test").save_to_disk(tmp_path / "copy")
    (file,) = hub.locate(str(tmp_path / "copy"))
    (shard,) = (tmp_path / "copy").glob("*.arrow")
    schema_only = pa.ipc.open_stream(shard).schema.serialize().to_pybytes()
    shard.write_bytes(schema_only + bytes.fromhex("ffffffff00000000") + shard.read_bytes()[len(schema_only) :])

    assert seen(file, "hub").refused == "corrupt"


def test_a_local_folder_gives_the_splits_of_a_configuration(local: Path, seen: Seen) -> None:
    files = hub.locate(f"{local}:one")

    assert below(files) == ["one/train", "one/test"]
    assert [seen(file, "hub").texts for file in files] == [["a0", "a1"], ["b0"]]
    assert hub.locate(f"{local}:one:test") == files[1:]
    assert seen(hub.locate(f"{local}:all")[0], "hub").texts == ["a0", "a1", "b0"]


def test_one_of_several_configurations_must_be_named(local: Path) -> None:
    with pytest.raises(UsageError, match=r"has several configurations; name one, such as .*:(one|all) \(known: "):
        hub.locate(str(local))
    with pytest.raises(UsageError, match=": has no configuration 'two'"):
        hub.locate(f"{local}:two")
    with pytest.raises(UsageError, match=r": has no split 'dev' \(known: train, test\)"):
        hub.locate(f"{local}:one:dev")


def test_a_local_file_is_a_dataset_of_one_split(local: Path, seen: Seen) -> None:
    (file,) = hub.locate(str(local / "data" / "a.jsonl"))

    assert seen(file, "hub").texts == ["a0", "a1"]
    assert file.size == (local / "data" / "a.jsonl").stat().st_size


def test_a_changed_local_file_has_another_time(local: Path) -> None:
    (before,) = hub.locate(f"{local}:one:train")
    os.utime(local / "data" / "a.jsonl", ns=(1, 1))

    (after,) = hub.locate(f"{local}:one:train")

    assert (before.path, before.below) == (after.path, after.below)
    assert before.modified != after.modified


def test_a_missing_column_is_reported_with_the_existing_ones(local: Path, seen: Seen) -> None:
    found = seen(hub.locate(f"{local}:one:train")[0], "hub", text_fields=("body",))

    assert found.refused == "no_text"
    assert "'text', 'n'" in found.bad[0].why


def test_broken_json_makes_the_split_refused(local: Path, seen: Seen) -> None:
    (local / "data" / "a.jsonl").write_text('{"text":"a0"}\n{"text":\n')

    found = seen(hub.locate(f"{local}:one:train")[0], "hub")

    assert found.refused == "corrupt"


@pytest.mark.parametrize("missing", [0, 5])
def test_all_zstandard_frames_are_read_and_a_cut_is_noticed(tmp_path: Path, seen: Seen, missing: int) -> None:
    packer = zstandard.ZstdCompressor()
    data = b"".join(packer.compress(b'{"text":"a%d"}\n' % i) for i in range(5))
    (tmp_path / "a.jsonl.zst").write_bytes(data[: len(data) - missing])

    found = seen(hub.locate(str(tmp_path))[0], "hub")

    assert (found.refused == "cut") if missing else (len(found.texts) == 5)


def test_a_dataset_card_can_not_ask_to_skip_bad_files(tmp_path: Path, seen: Seen) -> None:
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-9])
    card = "---\nconfigs:\n- config_name: x\n  data_files: '*.parquet'\n  on_bad_files: skip\n---\n"
    (tmp_path / "README.md").write_text(card)

    assert seen(hub.locate(str(tmp_path))[0], "hub").refused


@pytest.mark.parametrize(
    "spec",
    [
        "./none",
        "../none",
        "~no-such-user/x",
        "/no/such/folder",
        "x" * 5000 + "/y z",
        "a b",
        "a/b/c",
        "org/name:a:b:c",
        "",
    ],
)
def test_an_impossible_dataset_name_is_a_usage_error(spec: str) -> None:
    with pytest.raises(
        UsageError,
        match=r": is neither a file or folder nor a valid name on the hub; write |: has too many colons; write ",
    ):
        hub.locate(spec)


class Response:
    """The parts of a response that the client's errors need."""

    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    request = None


@pytest.mark.parametrize(
    ("raised", "expected", "message"),
    [
        (errors.GatedRepoError, InputError, "is gated; accept its terms at https://huggingface.co/datasets/org/name"),
        (errors.RepositoryNotFoundError, UsageError, "dataset 'org/name': is not on the hub or is private"),
        (errors.RevisionNotFoundError, UsageError, "has no revision 'v2'"),
        (errors.OfflineModeIsEnabled, InputError, "can't be reached on the hub"),
        (errors.HfHubHTTPError.__bases__[0], InputError, "can't be reached on the hub"),
    ],
)
def test_an_error_of_the_hub_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, raised: type[Exception], expected: type[Exception], message: str
) -> None:
    def dataset_info(*_: Any, **__: Any) -> None:
        if issubclass(raised, errors.HfHubHTTPError):
            response: Any = Response()
            raise raised("from the hub", response=response)
        raise raised("from the hub")

    monkeypatch.setattr(HfApi, "dataset_info", dataset_info)

    with pytest.raises(expected, match=message):
        hub.locate("org/name@v2")


def test_a_name_on_the_hub_is_pinned_to_its_commit(monkeypatch: pytest.MonkeyPatch, local: Path, seen: Seen) -> None:
    asked = []

    class Info:
        sha = "c0ffee"

    def dataset_info(_: HfApi, name: str, revision: str | None = None) -> Info:
        asked.append((name, revision))
        return Info()

    def redirected(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: str, *args: Any, revision: str | None = None, **options: Any) -> Any:
            assert (path, revision) == ("org/name", "c0ffee")
            return function(str(local), *args, **options)

        return call

    monkeypatch.setattr(HfApi, "dataset_info", dataset_info)
    for name in ("load_dataset_builder", "get_dataset_config_names", "get_dataset_default_config_name"):
        monkeypatch.setattr(datasets, name, redirected(getattr(datasets, name)))

    (file,) = hub.locate("org/name:one:test@main")

    assert asked == [("org/name", "main")]
    assert (file.path, file.below) == ("hub://org/name:one:test@c0ffee", "org/name/one/test")
    assert file.modified == "c0ffee"
    assert seen(file, "hub").texts == ["b0"]
