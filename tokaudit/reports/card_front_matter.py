"""The YAML at the head of a dataset card: only what the catalog knows."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tokaudit.audit.overview import Overview
from tokaudit.core.printable import printable
from tokaudit.core.rows import Row

_LABEL: Final = "language"
_CODE: Final = "code"
"""The domain whose label `language` is a programming language."""
_LICENCE_LABELS: Final = ("licence", "license")
_LEAST_SHARE: Final = 0.01
"""Share of the labelled documents from which a language is named: detectors misname some documents."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_NO_LANGUAGE: Final = frozenset({"und", "mul", "zxx", "mis"})
"""Codes of ISO 639 for texts of no, many or unknown languages."""
_LICENCES: Final = frozenset(
    "apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m"
    " afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0"
    " cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0"
    " cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0"
    " cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl"
    " gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc lppl-1.3c ms-pl mpl-2.0 odc-by odbl openrail++ osl-3.0 postgresql"
    " ofl-1.1 ncsa unlicense zlib pddl".split()
)
"""Names of licences that the Hugging Face Hub knows (https://huggingface.co/docs/hub/repositories-licenses)."""
_SIZES: Final = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
"""Ends of the Hub's categories of sizes, each ten times the one before."""


def front_matter(overview: Overview) -> str:
    """The lines between two lines of ``---``, with these."""
    lines = [*_licences(overview), *_languages(overview), *_size(overview.total["documents_seen"])]
    return "\n".join(["---", *lines, "---"])


def _licences(overview: Overview) -> Iterator[str]:
    """The licences, if each document is labelled with one that the Hub knows."""
    rows = licences(overview.labels)
    values = sorted({row["value"].strip().lower() for row in rows})
    if values and sum(row["documents"] for row in rows) == overview.total["documents_seen"]:
        if set(values) <= _LICENCES:
            yield from _list("license", values)
        else:
            yield from ("license: other", f"license_name: {_quoted(', '.join(values))}")


def licences(labels: Sequence[Row]) -> list[Row]:
    """The rows of documents with a licence, by domain and licence."""
    return [row for row in labels if row["name"] in _LICENCE_LABELS]


def _languages(overview: Overview) -> Iterator[str]:
    """The natural languages of the text, those of most documents first."""
    found = languages(overview.labels)
    named = [language for language in found if language not in _NO_LANGUAGE]
    if named:
        yield from _list("language", named)


def languages(labels: Sequence[Row]) -> dict[str, int]:
    """Language -> documents in it, those of most documents first, without those of almost none.

    Args:
        labels: documents by domain, name and value of a label. Where values are no codes of languages, as where they
            are programming languages, the label says something else.
    """
    found: dict[str, int] = {}
    for domain in dict.fromkeys(row["domain"] for row in labels):
        counts = {row["value"]: row["documents"] for row in labels if (row["domain"], row["name"]) == (domain, _LABEL)}
        many = _of_enough(counts)
        if domain != _CODE and all(map(_LANGUAGE.fullmatch, many)):
            for language, documents in many.items():
                found[language] = found.get(language, 0) + documents
    return dict(sorted(_of_enough(found).items(), key=lambda each: (-each[1], each[0])))


def _of_enough(counts: Mapping[str, int]) -> dict[str, int]:
    """The values that at least `_LEAST_SHARE` of the documents have."""
    least = _LEAST_SHARE * sum(counts.values())
    return {value: documents for value, documents in counts.items() if documents >= least}


def _size(documents: int) -> Iterator[str]:
    if not documents:
        return
    above = next((at for at in range(len(_SIZES)) if documents < 1000 * 10**at), None)
    if above is None:
        size = f"n>{_SIZES[-1]}"
    else:
        size = f"{_SIZES[above - 1]}<n<{_SIZES[above]}" if above else f"n<{_SIZES[0]}"
    yield from _list("size_categories", [size])


def _list(key: str, values: Sequence[str]) -> Iterator[str]:
    yield f"{key}:"
    for value in values:
        yield f"- {_quoted(value)}"


def _quoted(text: str) -> str:
    """A text as YAML takes it whatever is in it: without quotes, ``no`` is false."""
    return json.dumps(printable(text), ensure_ascii=False)
