"""From ``--label`` and ``--language`` as given to the labels that a source keeps."""

from collections.abc import Mapping

from tokaudit.catalog.queries import SUPPLY_COLUMNS
from tokaudit.core.errors import UsageError
from tokaudit.ingesters.base import Ingester
from tokaudit.measure.language_detection import detection_field
from tokaudit.measure.language_label import LANGUAGE, is_detected


def label_fields(fields: Mapping[str, str], ingester: Ingester, *, detects_language: bool) -> dict[str, str]:
    """The labels that a source keeps, name -> field; for a language that is detected, the detector.

    Args:
        fields: the labels that are named, name -> field.
        ingester: the ingester of the source's domain.
        detects_language: whether the language of each document is to be detected.

    Raises:
        UsageError: a label has the name of a column of the supply, or the language has two meanings.
        MissingPackageError: the detector is not installed.
    """
    if taken := {"domain", "source", *SUPPLY_COLUMNS} & set(fields):
        raise UsageError(f"--label {min(taken)}: `tokaudit supply` has a column of this name; use another name")
    if is_detected(fields.get(LANGUAGE)):
        raise UsageError(f"--label {LANGUAGE}={fields[LANGUAGE]}: this is not a field; pass --language to detect it")
    if not detects_language:
        return dict(fields)
    if ingester.is_code:
        raise UsageError("--language: source code has its programming language as the label `language` already")
    if LANGUAGE in fields:
        raise UsageError(
            f"--language and --label {LANGUAGE}={fields[LANGUAGE]}: both give the label `language`; pass one of them"
        )
    return {**fields, LANGUAGE: detection_field()}
