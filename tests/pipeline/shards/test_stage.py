"""The key of a shard's result: it is another one whenever the numbers may be others, and else the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made.vocabularies import byte_level

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.progress import ignore
from tokaudit.measure.tokenizers.protocol import Identity
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.options import IngestOptions, ingest_request
from tokaudit.pipeline.shards import stage as stage_module
from tokaudit.pipeline.shards.cut import ShardTask
from tokaudit.pipeline.shards.stage import MeasureStage, Tokenizer
from tokaudit.readers.files import InputFile
from tokaudit.readers.parts import FilePart
from tokaudit.readers.unpack.limits import Limits

FILE = InputFile("/f.jsonl", "f.jsonl", 300, "1")
TASK = FileTask(FILE, "jsonl", None, {})
PART = FilePart(0, 100, 100, first=True, last=False)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a text, and a tokenizer next to it."""
    place = tmp_path_factory.mktemp("stage")
    byte_level().save(str(place / "tokenizer.json"))
    (place / "c").mkdir()
    (place / "c" / "a.txt").write_text("a text")
    return place / "c"


def stage(corpus: Path, **more: object) -> MeasureStage:
    """The stage of an ingest of the folder."""
    tokenizers = (str(corpus.with_name("tokenizer.json")),)
    request = ingest_request(IngestOptions((str(corpus),), "web", tokenizers=tokenizers, **more), ignore)  # type: ignore[arg-type]
    return MeasureStage.of(request, request.how_measured(request.settings.labels))


def key(of: MeasureStage, task: FileTask = TASK) -> str:
    """The key of the shard of a file."""
    return of.key(ShardTask((task,), list(of._tokenizers)))  # noqa: SLF001 - all tokenizers


def test_the_key_does_not_depend_on_the_source_the_workers_or_the_memory(corpus: Path) -> None:
    assert key(stage(corpus)) == key(stage(corpus, source="other", workers=1, memory=2**28, skip_bad=True))


@pytest.mark.parametrize(
    "more", [{"clean": "none"}, {"labels": {"a": "b"}}, {"language": True}, {"repeat_length": 7}], ids=repr
)
def test_the_key_is_another_one_if_the_options_are(corpus: Path, more: dict[str, object]) -> None:
    assert key(stage(corpus)) != key(stage(corpus, **more))


@pytest.mark.parametrize(
    "other",
    [
        replace(TASK, file=replace(FILE, size=301)),
        replace(TASK, file=replace(FILE, modified="2")),
        replace(TASK, file=replace(FILE, path="/g.jsonl")),
        replace(TASK, reader="json"),
        replace(TASK, text_fields=("body",)),
        replace(TASK, limits=Limits(record=7)),
        replace(TASK, backfills=1),
        replace(TASK, part=PART),
    ],
)
def test_the_key_is_another_one_if_the_file_is(corpus: Path, other: FileTask) -> None:
    assert key(stage(corpus)) != key(stage(corpus), other)


def test_what_the_catalog_knows_of_a_file_is_not_in_its_key(corpus: Path) -> None:
    assert key(stage(corpus)) == key(stage(corpus), replace(TASK, content="ab", replaces=3))


def test_a_file_without_a_time_has_a_new_key_each_time(corpus: Path) -> None:
    of, timeless = stage(corpus), replace(TASK, file=replace(FILE, modified=""))

    assert key(of, timeless) != key(of, timeless)


def test_another_version_of_tokaudit_refuses_to_measure(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = stage(corpus)
    monkeypatch.setattr(stage_module, "__version__", "0.0.1")

    with pytest.raises(UsageError, match=r"has tokaudit 0\.0\.1, and the machine that asks has tokaudit .*; install"):
        asking.run(ShardTask((TASK,), ()))


def measured_with(corpus: Path, tokenizer: Tokenizer) -> None:
    """Measure a shard with a tokenizer."""
    how = stage(corpus)._how  # noqa: SLF001 - as good as any
    MeasureStage(how, [tokenizer], json.dumps([])).run(ShardTask((TASK,), [tokenizer.identity.sha256]))


def test_a_tokenizer_that_is_not_there_is_named(corpus: Path) -> None:
    identity = Identity("mine", "0" * 64, "gigatoken 1")
    with pytest.raises(InputError, match=r"tokenizer 'mine' on .*: can't be found there; name a file in a folder that"):
        measured_with(corpus, Tokenizer(identity, ("/nowhere/tokenizer.json", str(corpus.with_name("tokenizer.json")))))


def test_another_version_of_a_counter_refuses_to_measure(corpus: Path) -> None:
    (mine,) = stage(corpus)._tokenizers.values()  # noqa: SLF001 - the one of the test
    with pytest.raises(UsageError, match=r"and the machine that asks has gigatoken 0\.0\.1; install the same on both"):
        measured_with(corpus, replace(mine, identity=replace(mine.identity, counter="gigatoken 0.0.1")))
