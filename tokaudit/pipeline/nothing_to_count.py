"""The message for an ingest that finds no file to count: what was left out, and what would count it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from shlex import quote
from typing import Final

from tokaudit.core.batches import BadRecord
from tokaudit.core.left_out_rules import RULES
from tokaudit.pipeline.left_out import left_out_groups, left_out_words
from tokaudit.readers.detect import detect, reader_by_name
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile, LeftOut
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions

_WITHOUT_FIELD: Final = frozenset({"unclaimed", "about_data"})
"""Rules that leave out JSON without a text field."""


def nothing_to_count(paths: Sequence[str], left_out: Sequence[LeftOut], fields: TextFields) -> str:
    """The message that there is nothing to count at the paths.

    Args:
        paths: the paths as the user named them.
        left_out: all files there.
        fields: where the text was looked for.
    """
    where = " ".join(paths)
    if not left_out:
        return f"{where}: contains no files"
    advice = _other_field(left_out, fields) or _remedy(paths, left_out)
    return f"{where}: nothing to count: {left_out_words(left_out_groups(left_out))}; {advice}"


def _other_field(left_out: Sequence[LeftOut], fields: TextFields) -> str | None:
    """What the first JSON file says about its fields; None if there is no JSON that was left out for them."""
    without = [
        item for item in left_out if item.rule in _WITHOUT_FIELD and ".json" in PurePosixPath(item.path).suffixes
    ]
    if not without:
        return None
    name = without[0].path.rpartition("/")[2]
    # With a path below its folder, the reason has advice for this file alone.
    file = InputFile(without[0].path, name if len(without) == 1 else "", without[0].size or 0, "")
    found = next(READERS.get(detect(file)).read(file, ReadOptions(text_fields=fields.of(name))), None)
    if not isinstance(found, BadRecord) or found.code not in {"no_text", "text_type"}:
        return None
    why = found.why.removeprefix(f"line {found.line}: ")
    return f"{name} {why}" + ("" if "--text-field" in why else "; pass --text-field NAME with the field of the text")


def _remedy(paths: Sequence[str], left_out: Sequence[LeftOut]) -> str:
    """What to do about the rule that left out most; rules that may have left out text come first."""
    rules = Counter(item.rule for item in left_out)
    rule = max(sorted(rules), key=lambda name: (RULES[name].incomplete, rules[name]))
    if rule == "unclaimed":
        return "convert them to a format that tokaudit reads, or pass --reader NAME to read every file with it"
    if rule == "link":
        suffixes = Counter(PurePosixPath(item.path).suffix for item in left_out if item.rule == rule)
        suffix = max(sorted(suffixes), key=lambda each: (_is_table(each), suffixes[each]))
        glob = f"{paths[0].rstrip('/')}/**/*{suffix}"
        return f"name the links themselves, such as {quote(glob)}"
    remedy = RULES[rule].remedy.partition(". ")[0].rstrip(".")
    return remedy[:1].lower() + remedy[1:]


def _is_table(suffix: str) -> bool:
    reader = reader_by_name(suffix)
    return reader is not None and READERS.get(reader).is_table
