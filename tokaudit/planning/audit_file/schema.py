"""The keys that ``tokaudit.toml`` may have, each with the kind of its value. Tests compare them with the options."""

from collections.abc import Mapping
from typing import Final

from tokaudit.core.option_bounds import LONGEST_REPEAT_LENGTH, MOST_ROWS, MOST_WORKERS
from tokaudit.pipeline.engines import ENGINES
from tokaudit.planning.audit_file.kinds import (
    BY_DOMAIN,
    DURATION,
    ENTRIES,
    FIELDS,
    FLAG,
    NUMBER,
    NUMBER_OR_BY_DOMAIN,
    PATHS,
    SHARE,
    SIZE,
    STAGES,
    TEXT,
    TEXTS,
    Kind,
    choice,
    whole,
)

_ON_BAD_RECORD: Final = choice(("stop", "skip"))

SETTINGS: Final[Mapping[str, Kind]] = {
    "catalog": TEXT,
    "format": TEXT,
    "quiet": FLAG,
    "verbose": FLAG,
    "progress": choice(("auto", "json", "none")),
    "tokenizers": TEXTS,
    "exclude": TEXTS,
    "workers": whole(MOST_WORKERS),
    "memory": SIZE,
    "engine": choice(ENGINES),
    "ray_address": TEXT,
    "work": TEXT,
    "rows_in_catalog": whole(MOST_ROWS, 0),
    "wait": DURATION,
    "on_bad_record": _ON_BAD_RECORD,
    "tokenizer": TEXT,
    "law": TEXT,
    "mfu": SHARE,
}
"""Keys at the top: settings of commands, by the name of their parameter. Each has a variable ``TOKAUDIT_NAME``, too."""

SOURCE_KEYS: Final[Mapping[str, Kind]] = {
    "paths": PATHS,
    "domain": TEXT,
    "reader": TEXT,
    "text_field": TEXTS,
    "include": TEXTS,
    "exclude": TEXTS,
    "tokenizers": TEXTS,
    "clean": choice(("default", "none")),
    "label": FIELDS,
    "language": FLAG,
    "on_bad_record": _ON_BAD_RECORD,
    "repeat_length": whole(LONGEST_REPEAT_LENGTH),
    "limit": ENTRIES,
}
"""Keys of ``[sources.NAME]``: options of ``tokaudit ingest``."""
REQUIRED: Final = ("paths", "domain")
"""Keys that each source must have."""

PLAN_KEYS: Final[Mapping[str, Kind]] = {
    "flops": NUMBER,
    "params": NUMBER,
    "tokens": NUMBER,
    "gpu": TEXT,
    "gpus": NUMBER,
    "days": NUMBER,
    "mfu": SHARE,
    "law": TEXT,
    "mixture": BY_DOMAIN,
    "supply": BY_DOMAIN,
    "where": TEXT,
    "count_synthetic": FLAG,
    "tokenizer": TEXT,
    "stage": STAGES,
    "max_epochs": NUMBER_OR_BY_DOMAIN,
    "params_total": NUMBER,
    "inference_tokens": NUMBER,
    "price_gpu_hour": NUMBER,
    "add": BY_DOMAIN,
    "fail_on": TEXTS,
}
"""Keys of ``[plans.NAME]``: options of ``tokaudit plan``."""

SECTIONS: Final = {"sources": SOURCE_KEYS, "plans": PLAN_KEYS}
"""Tables of named tables."""
