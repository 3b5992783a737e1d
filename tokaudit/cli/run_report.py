"""What ``tokaudit run`` asks for and answers: its settings, and the supply and the verdicts in words."""

from collections.abc import Iterator
from dataclasses import fields

import click

from tokaudit.audit.answer import Answer
from tokaudit.cli.settings_in_use import settings_in_use
from tokaudit.core.units import format_count
from tokaudit.planning.audit_file.options import Settings
from tokaudit.planning.audit_file.rebuild import Rebuilt
from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_verdict import verdict
from tokaudit.reports.units_words import tokens_of


def settings_of_run(context: click.Context) -> Settings:
    """The settings of all sources and plans: from options of the command, variables and the file.

    Raises:
        click.UsageError: a variable or the file has a wrong value.
    """
    found = settings_in_use(context)
    return Settings(**{field.name: found[field.name].value for field in fields(Settings)})


def answers(done: Rebuilt) -> list[str | tuple[str, ...]]:
    """The supply of each domain, and the verdict of each plan under a heading."""
    texts: list[str | tuple[str, ...]] = []
    if isinstance(done.supply, Answer):
        texts += [tuple(_supply(done.supply)), tokens_of(done.supply.extra["tokenizer"])]
    for name, made in done.plans.items():
        said = verdict(made) if isinstance(made, Plan) else made.message
        texts += [f"== {name} ==", f"{said} This fails: {done.failures[name]}." if name in done.failures else said]
    return texts


def _supply(supply: Answer) -> Iterator[str]:
    for row in supply.rows:
        unique, seen = format_count(row["tokens_unique"]), format_count(row["tokens_seen"])
        yield f"{row['domain']}: {unique} unique tokens of {seen} seen"
