"""Kernels do without a place for their machine code."""

from tokaudit.fingerprints._compile import kernel


def test_a_kernel_whose_code_can_be_kept_nowhere_still_runs() -> None:
    twice = kernel(eval("lambda value: 2 * value"))  # noqa: S307  it has no file to be kept beside
    assert twice(21) == 42
