"""The label that has the language of a text, and what a catalog records in place of its field if it is detected.

Apart from the detector, so that commands which only read a catalog do not load Arrow.
"""

from typing import Final

LANGUAGE: Final = "language"
"""Name of the label."""
DETECTED: Final = "detected by "
"""What stands before the detector, where a label that is in a field has the field's name."""


def is_detected(field: str | None) -> bool:
    """Whether a catalog's field of the label says that it is detected."""
    return field is not None and field.startswith(DETECTED)


def detector_of(field: str) -> str:
    """Name and version of the detector in the field of a label that is detected."""
    return field.removeprefix(DETECTED)
