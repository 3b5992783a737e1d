"""Datasets as the ``datasets`` library loads them: saved folders, local files, names on the Hugging Face hub.

A split is a file: ``locate`` gives it a stable URL, ``read`` streams it. No code of a dataset is ever run.
Local Parquet and JSON lines are better read by their own readers: here a fault inside a file ends the split, and a
record without the field has a null text.
"""

import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from glob import escape
from lzma import LZMAError
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa

from tokaudit.core.batches import Found, TextBatch
from tokaudit.core.errors import InputError, TokauditError, UsageError
from tokaudit.readers.arrow.blocks import STREAM_END
from tokaudit.readers.faults import FileFault, unreadable, yields_faults
from tokaudit.readers.fields.columns import check_schema, documents
from tokaudit.readers.files import InputFile
from tokaudit.readers.hub_names import SCHEME, DatasetName
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import Reader
from tokaudit.readers.unpack.streams import unpacked

_ROWS: Final = 1000


class _Zstd(io.RawIOBase):
    """Zstandard for fsspec, whose own reader does not notice that a file is cut."""

    def __init__(self, infile: IO[bytes]) -> None:
        self._stream = unpacked(infile, ".zst")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _datasets() -> Any:
    """The ``datasets`` library, made quiet and safe for cut files."""
    import datasets  # noqa: PLC0415 - takes a second or two to import, and few need it
    from fsspec.compression import register_compression  # noqa: PLC0415 - as above

    def zstd(infile: IO[bytes], mode: str = "rb", **_: Any) -> io.BufferedReader:  # noqa: ARG001 - fsspec's signature
        return io.BufferedReader(_Zstd(infile), 1 << 20)

    register_compression("zstd", zstd, "zst", force=True)
    datasets.disable_progress_bars()
    return datasets


def _builder(name: DatasetName) -> Any:
    path = Path(name.path)
    one_file = name.local and path.is_file()
    builder = _datasets().load_dataset_builder(
        str(path.parent) if one_file else name.path,
        name.config or None,
        data_files=escape(path.name) if one_file else None,
        revision=name.revision or None,
    )
    if hasattr(builder.config, "on_bad_files"):
        builder.config.on_bad_files = "error"  # a dataset card may ask to skip files that can't be read
    return builder


def _data_files(builder: Any, split: str) -> list[Path]:
    """The files of a split that are on this machine."""
    files = (builder.config.data_files or {}).get(split) or ()
    return [Path(file) for file in map(str, files) if "://" not in file]


def _default_config(name: DatasetName) -> str:
    library = _datasets()
    if name.local and Path(name.path).is_file():
        return ""
    revision = name.revision or None
    known = library.get_dataset_config_names(name.path, revision=revision)
    if name.config:
        if name.config not in known:
            raise UsageError(f"dataset {name.path!r}: has no configuration {name.config!r} (known: {', '.join(known)})")
        return name.config
    default = library.get_dataset_default_config_name(name.path, revision=revision)
    if default is None:
        raise UsageError(
            f"dataset {name.path!r}: has several configurations; name one, such as {name.path}:{known[0]}"
            f" (known: {', '.join(known)})"
        )
    return str(default)


def _splits(name: DatasetName) -> list[InputFile]:
    name = replace(name, config=_default_config(name))
    builder = _builder(name)
    known = [str(split) for split in builder.config.data_files or builder.info.splits or ()]
    if name.split and name.split not in known:
        raise UsageError(f"dataset {name.path!r}: has no split {name.split!r} (known: {', '.join(known)})")
    found = []
    for split in [name.split] if name.split else known:
        files = [file.stat() for file in _data_files(builder, split)]
        info = (builder.info.splits or {}).get(split)
        below = [] if name.local else [name.path]
        found.append(
            InputFile(
                path=replace(name, split=split).url,
                below="/".join([*below, name.config or "default", split]),
                size=sum(file.st_size for file in files) or (info.num_bytes if info and info.num_bytes else 0),
                modified=name.revision or str(max((file.st_mtime_ns for file in files), default="")),
            )
        )
    return found


def is_saved(folder: Path) -> bool:
    """Whether ``folder`` was written by ``save_to_disk``; False if it can't be read."""
    try:
        return (folder / "dataset_dict.json").is_file() or (
            (folder / "state.json").is_file() and (folder / "dataset_info.json").is_file()
        )
    except PermissionError:
        return False


def _shards(folder: Path) -> tuple[list[Path], str]:
    """The data files of a saved split, and its fingerprint."""
    state = json.loads((folder / "state.json").read_bytes())
    return [folder / str(file["filename"]) for file in state["_data_files"]], str(state["_fingerprint"])


def _saved_splits(name: DatasetName) -> list[InputFile]:
    folder = Path(name.path)
    if name.config:
        raise UsageError(f"{folder}: is a saved dataset, which has no configurations; name a split as {folder}::SPLIT")
    try:
        known = [""]
        if (folder / "dataset_dict.json").is_file():
            known = [str(split) for split in json.loads((folder / "dataset_dict.json").read_bytes())["splits"]]
        if name.split and name.split not in known:
            raise UsageError(f"{folder}: has no split {name.split!r} (known: {', '.join(filter(None, known))})")
        found = []
        for split in [name.split] if name.split else known:
            shards, fingerprint = _shards(folder / split)
            size = sum(shard.stat().st_size for shard in shards)
            found.append(InputFile(replace(name, split=split).url, split or "dataset", size, fingerprint))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder}: is a damaged saved dataset: {error!r}; save it again") from error
    return found


def _commit(name: DatasetName) -> str:
    """The commit that the revision currently points to."""
    from huggingface_hub import HfApi  # noqa: PLC0415 - slow to import

    return str(HfApi().dataset_info(name.path, revision=name.revision or None).sha)


def _user_error(name: DatasetName, error: Exception) -> TokauditError:
    from huggingface_hub import errors  # noqa: PLC0415 - slow to import

    what = f"dataset {name.path!r}"
    if isinstance(error, errors.GatedRepoError):
        page = f"https://huggingface.co/datasets/{name.path}"
        return InputError(f"{what}: is gated; accept its terms at {page}, then log in with `hf auth login`")
    if isinstance(error, errors.RevisionNotFoundError):
        return UsageError(f"{what}: has no revision {name.revision!r}")
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        return UsageError(f"{what}: is not on the hub or is private; check the name, or log in with `hf auth login`")
    reason = " ".join(str(error).split())[:300]
    if name.local:
        return InputError(f"{what}: can't be loaded by the datasets library: {reason}")
    return InputError(f"{what}: can't be reached on the hub: {reason}; check the network, or name a local copy")


def _errors() -> tuple[type[Exception], ...]:
    """The exceptions that the library lets through."""
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415 - slow to import

    ours = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, MemoryError)
    # The base class of the client's error belongs to the HTTP library in use.
    theirs = (*HfHubHTTPError.__bases__, _datasets().exceptions.DatasetsError)
    return (*ours, *theirs, pa.ArrowException, zlib.error, LZMAError)


def locate(spec: str) -> list[InputFile]:
    """One InputFile per split, with the ``path`` ``hub://NAME[:CONFIG[:SPLIT]][@COMMIT]``.

    All splits are located unless one is named. ``modified`` is the fingerprint of a saved dataset, the commit of a
    dataset on the hub, or the time of the newest local file. ``size`` is 0 if the hub does not give it.

    Args:
        spec: ``org/name[:configuration[:split]][@revision]``, a folder or a file, or a URL of that form.

    Raises:
        UsageError: no such dataset, configuration, split or revision, or several configurations and none is named.
        InputError: the hub can't be reached, or the dataset is gated or can't be loaded.
    """
    name = DatasetName.parse(spec)
    if name.local and is_saved(Path(name.path)):
        return _saved_splits(name)
    try:
        return _splits(name if name.local else replace(name, revision=_commit(name)))
    except TokauditError:
        raise
    except _errors() as error:
        raise _user_error(name, error) from error


def is_gone(url: str) -> bool:
    """Whether a split that `locate` found is no longer on this machine; False for splits on the hub."""
    if not (url.startswith(SCHEME) and DatasetName.from_url(url).local):
        return False
    try:
        locate(url)
    except (UsageError, InputError):
        return True
    return False


def _check_shard(shard: Path) -> None:
    """Raise FileFault if an Arrow stream has no end, or ends before the file: readers would stop there silently."""
    size = shard.stat().st_size
    with shard.open("rb") as file:
        file.seek(-min(len(STREAM_END), size), 2)
        if file.read() != STREAM_END:
            raise FileFault("cut", f"is cut off: {shard.name} stops after {size} bytes")
    with pa.memory_map(str(shard)) as mapped, pa.ipc.open_stream(mapped) as stream:
        for _ in stream:
            pass
        if mapped.tell() != size:
            raise FileFault("corrupt", f"is damaged: the data of {shard.name} end at byte {mapped.tell()} of {size}")


def _dataset(name: DatasetName) -> Any:
    folder = Path(name.path) / name.split
    if name.local and is_saved(folder):
        for shard in _shards(folder)[0]:
            _check_shard(shard)
        return _datasets().load_from_disk(str(folder), keep_in_memory=False)
    return _builder(name).as_streaming_dataset(split=name.split)


def _tables(name: DatasetName) -> Iterator[pa.Table]:
    try:
        yield from _dataset(name).with_format("arrow").iter(_ROWS)
    except EOFError as error:
        raise FileFault("cut", "is cut off: a compressed file of the dataset stops early") from error
    except _errors() as error:
        if isinstance(error, OSError) and not isinstance(error, pa.ArrowException) and error.errno is not None:
            raise unreadable(error) from error
        reason = " ".join(str(error).split())[:300]
        raise FileFault(
            "corrupt", f"can't be read by the datasets library: {type(error).__name__}: {reason}"
        ) from error


class Hub(Reader):
    """Reads one split that ``locate`` found."""

    scheme = SCHEME
    is_table = True
    knows_sizes = False

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield documents and bad records in the order of the split; ``offset`` is null."""
        first = 0
        seen = 0
        for table in _tables(DatasetName.from_url(file.path)):
            field, _ = check_schema(table.schema, options, file)
            for batch in table.to_batches():
                for found in documents(batch, field, options, first, min(seen, file.size)):
                    yield found
                    if isinstance(found, TextBatch):
                        seen += found.text.nbytes
                first += batch.num_rows

    def locate(self, path: str, *, named: bool) -> list[InputFile] | None:
        """The splits of a folder that `datasets` saved, or of any dataset if the user named this reader."""
        return locate(path) if named or is_saved(Path(path)) else None

    def is_gone(self, path: str) -> bool:
        """Whether a split is no longer on this machine; False for splits on the hub."""
        return is_gone(path)


READER: Final = Hub()
