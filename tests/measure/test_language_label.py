"""The label that has the language of a text."""

from tokaudit.measure.language_label import DETECTED, detector_of, is_detected


def test_a_detected_label_has_its_detector_in_place_of_a_field() -> None:
    assert is_detected(f"{DETECTED}a 1.0")
    assert detector_of(f"{DETECTED}a 1.0") == "a 1.0"


def test_a_label_from_a_field_is_not_detected() -> None:
    assert not any(map(is_detected, (None, "lang", "")))
