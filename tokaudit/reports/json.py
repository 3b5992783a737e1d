"""A Plan as one JSON document, field by field."""

from typing import TextIO

from tokaudit.planning.plan import Plan
from tokaudit.reports.rows import to_json


def write_plan(plan: Plan, stream: TextIO) -> None:
    """Write the plan; what does not apply is null."""
    print(to_json(plan), file=stream)
