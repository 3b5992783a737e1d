"""Totals and errors estimated from a sample of files."""

from pathlib import Path

import numpy as np
import pytest
from made.samples import text, write_jsonl

from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.estimate import sampling
from tokaudit.pipeline.estimate.sampling import documents_of, ratio, take_sample, text_of
from tokaudit.pipeline.select import Selection, select
from tokaudit.readers.fields.text_fields import TextFields


def test_a_sample_of_every_file_is_exact(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", ["one", "two words"])
    (tmp_path / "b.txt").write_text("three")
    (tmp_path / "empty.txt").write_bytes(b"")
    strata = take_sample(select(Selection([str(tmp_path)]), ingester_of("web"))[0], TextFields())

    assert documents_of(strata) == sampling.Total(3, 0.0)
    assert text_of(strata) == sampling.Total(17, 0.0)


def test_a_sample_represents_files_of_each_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SAMPLE_FILES", 40)
    sizes = [(10, 300), (400, 100)]
    for words, files in sizes:
        for number in range(files):
            (tmp_path / f"{words}-{number}.txt").write_text(text(number, words))
    stored = sum(path.stat().st_size for path in tmp_path.iterdir())
    strata = take_sample(select(Selection([str(tmp_path)]), ingester_of("web"))[0], TextFields())

    assert sum(len(stratum.samples) for stratum in strata) < 100
    assert all(stratum.samples for stratum in strata)
    assert documents_of(strata).value == 400
    assert text_of(strata).value == pytest.approx(stored)


def test_every_stratum_is_sampled_when_time_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SAMPLE_SECONDS", 0.0)
    for words in (5, 50, 500, 5_000):
        for number in range(5):
            (tmp_path / f"{words}-{number}.txt").write_text(text(number, words))
    strata = take_sample(select(Selection([str(tmp_path)]), ingester_of("web"))[0], TextFields())

    assert len(strata) >= 4
    assert {len(stratum.samples) for stratum in strata} == {1}
    assert documents_of(strata).error is None


def test_the_ratio_of_a_sample_and_its_error() -> None:
    # Cochran, 6.4: e = (1, -1, 0), n = 3, mean size 2: sqrt((1 + 1) / 2 / 3) / 2.
    found = ratio(np.array([3.0, 3.0, 6.0]), np.array([1.0, 2.0, 3.0]))

    assert found.value == 2.0
    assert found.error == pytest.approx(np.sqrt((1 + 1) / 2 / 3) / 2)
    assert ratio(np.array([3.0]), np.array([2.0])) == sampling.Total(1.5, None)
    assert ratio(np.array([3.0, 1.0]), np.array([2.0, 2.0]), missing=0.0) == sampling.Total(1.0, 0.0)


@pytest.mark.slow
def test_a_data_set_of_unknown_size_counts_as_far_as_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(sampling, "SAMPLE_BYTES", 300_000)
    given = [text(seed) for seed in range(2_000)]
    datasets.Dataset.from_dict({"text": given}).save_to_disk(tmp_path / "saved")
    (stratum,) = take_sample(select(Selection([str(tmp_path / "saved")]), ingester_of("web"))[0], TextFields())

    assert stratum.open_ended
    assert 0 < documents_of([stratum]).value < len(given)
    assert documents_of([stratum]).error is None
