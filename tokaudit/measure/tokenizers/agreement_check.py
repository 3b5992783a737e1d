"""Whether the fast counter may count a vocabulary. It is checked once for each vocabulary and pair of versions."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

from tokaudit.core import cache

_CHECK: Final = "3"  # increase it when the check becomes stricter, or gigatoken is loaded or called differently
_AGREES: Final = b"agrees"


def fast_version() -> str | None:
    """Name and version of the fast counter; None if it is not installed."""
    try:
        version("awkward")
        return f"gigatoken {version('gigatoken')}"
    except PackageNotFoundError:
        return None


def reference_version() -> str:
    """Name and version of the reference."""
    return f"tokenizers {version('tokenizers')}"


def recall_agreement(sha256: str) -> str | None:
    """Empty if the fast counter agreed with the reference, else why not; None if these versions were not checked."""
    kept = cache.read_cache(_key(sha256))
    return None if kept is None else kept.removeprefix(_AGREES).decode()


def keep_agreement(sha256: str, why_not: str) -> None:
    """Store the result of the check; ``why_not`` is empty if both agreed."""
    cache.write_cache(_key(sha256), why_not.encode() or _AGREES)


def known_counter(sha256: str) -> str | None:
    """Name and version of the counter for this vocabulary on this machine; None if it was not checked yet."""
    if fast_version() is None:
        return reference_version()
    why_not = recall_agreement(sha256)
    return None if why_not is None else reference_version() if why_not else fast_version()


def _key(sha256: str) -> str:
    return f"agreement {_CHECK} {sha256} {fast_version()} {reference_version()}"
