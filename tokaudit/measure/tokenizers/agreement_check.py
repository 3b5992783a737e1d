"""Whether the fast counter may count a vocabulary: found out once for each vocabulary and versions."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

from tokaudit.core import cache

_CHECK: Final = "3"  # goes up when the check becomes stricter, or gigatoken is loaded or called in another way
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
    """Empty if the fast counter agreed with the reference, else why not; None if these versions never met."""
    kept = cache.read_cache(_key(sha256))
    return None if kept is None else kept.removeprefix(_AGREES).decode()


def keep_agreement(sha256: str, why_not: str) -> None:
    """Keep the result of the check; ``why_not`` is empty if both agreed."""
    cache.write_cache(_key(sha256), why_not.encode() or _AGREES)


def known_counter(sha256: str) -> str | None:
    """What would count this vocabulary here; None as long as the check has not been made."""
    if fast_version() is None:
        return reference_version()
    why_not = recall_agreement(sha256)
    return None if why_not is None else reference_version() if why_not else fast_version()


def _key(sha256: str) -> str:
    return f"agreement {_CHECK} {sha256} {fast_version()} {reference_version()}"
