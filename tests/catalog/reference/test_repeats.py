"""The shipped runs that repeated their data."""

from tokaudit.catalog.reference.repeats import repeated_runs


def test_each_size_has_one_run_without_repeats() -> None:
    runs = repeated_runs()
    for size in {(run.params, run.tokens) for run in runs}:
        same = [run for run in runs if (run.params, run.tokens) == size]
        assert [run.epochs for run in same].count(1) == 1
        assert min(same, key=lambda run: run.loss).epochs == 1
