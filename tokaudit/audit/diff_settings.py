"""Settings that differ between two catalogs, for each source that both have."""

from typing import Final

import duckdb

from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.rows import Row

_SETTINGS: Final = """
select s.source, s.domain, s.clean, s.steps, s.text_field, s.text_rules, s.labels, s.repeat_length,
       list_sort(list(distinct f.reader)) as readers,
       list_sort(list(distinct f.extractor)) as extractors,
       list_sort(list(distinct i.version)) as versions
from store.sources s join store.whole f using (source) left join store.ingests i using (ingest)
group by all order by s.source"""


def settings(first: duckdb.DuckDBPyConnection, second: duckdb.DuckDBPyConnection) -> list[Row]:
    """One row per source and setting that differs: ``source``, ``setting``, ``a`` and ``b``."""
    before, after = ({row["source"]: row for row in fetch_rows(each, _SETTINGS)} for each in (first, second))
    return [
        {"source": source, "setting": setting, "a": before[source][setting], "b": value}
        for source, row in after.items()
        if source in before
        for setting, value in row.items()
        if before[source][setting] != value
    ]


def setting_notes(rows: list[Row]) -> list[str]:
    """A sentence per setting that differs, with the sources."""
    sources: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        sources.setdefault((row["setting"], _words(row["a"]), _words(row["b"])), []).append(row["source"])
    return [
        f"{setting.replace('_', ' ')} of {', '.join(named)}: {before} in A, {after} in B"
        for (setting, before, after), named in sources.items()
    ]


def _words(value: object) -> str:
    if isinstance(value, list):
        return " and ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)
