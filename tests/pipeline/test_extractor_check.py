"""An ingest that would extract pages in another way than before is refused; one without pages is not."""

from pathlib import Path

import pytest

from tokaudit.catalog.ingesting import IngestSession
from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.errors import UsageError
from tokaudit.core.extraction import Extraction
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.extractor_check import check_extractor
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile

NOW = Extraction()


def session(*extractors: str) -> IngestSession:
    """An ingest of the source ``my s``, whose pages were extracted so."""
    fields = TextFields()
    settings = SourceSettings("my s", "web", "auto", fields, "default", (), {})
    return IngestSession(Path("c"), 1, settings, [], {}, {}, fields, fields, {}, {}, [], frozenset(extractors))


def tasks(*readers: str) -> list[FileTask]:
    """Files to be read with these readers."""
    return [FileTask(InputFile(f"/{name}", name, 1, ""), name, None, {}) for name in readers]


@pytest.mark.parametrize(
    ("readers", "known"), [(["html"], [NOW.identity]), (["html"], []), (["jsonl"], ["x 1"]), ([], ["x 1"])]
)
def test_the_same_extractor_or_no_pages_are_taken(readers: list[str], known: list[str]) -> None:
    check_extractor(tasks(*readers), session(*known), NOW)


@pytest.mark.parametrize("readers", [["html"], ["jsonl", "tar"], ["zip"]])
def test_another_extractor_is_refused_with_the_way_out(readers: list[str]) -> None:
    with pytest.raises(UsageError) as error:
        check_extractor(tasks(*readers), session("x 2", "x 1", NOW.identity), NOW)

    assert str(error.value) == (
        f"source 'my s': its pages were extracted by x 1, and this would be {NOW.identity};"
        " install that version, or run `tokaudit forget 'my s'` and count the source again"
    )


def test_other_settings_are_another_extractor() -> None:
    identities = {Extraction(main, front).identity for main in (True, False) for front in (True, False)}

    assert len(identities) == 4
    assert all(identity.startswith("resiliparse ") for identity in identities)
