"""The commands ``tokaudit plot NAME``, one per figure, made from the registry of figures."""

from pathlib import Path
from typing import Any, Final

import click

from tokaudit.cli.command import Command, Listed, with_options
from tokaudit.cli.figure_subjects import SUBJECTS
from tokaudit.cli.output import emit
from tokaudit.cli.registry_group import RegistryGroup
from tokaudit.cli.session import Session
from tokaudit.core.errors import InputError, UsageError
from tokaudit.reports.figures import FIGURES
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("figure", "file", "says")
_KINDS: Final = (".svg", ".png")

_output_options = with_options(
    (
        click.option(
            "-o",
            "--output",
            required=True,
            type=click.Path(readable=False, path_type=Path),
            metavar="FILE.svg|FILE.png",
            help="File to write the figure to, as SVG or PNG.",
        ),
        click.option("--force", is_flag=True, help="Overwrite the file if it exists."),
    )
)


class Figures(Listed, RegistryGroup):
    """A group with one command per figure."""

    registry = FIGURES

    def command_of(self, name: str) -> click.Command:
        """The command that draws the figure."""
        return figure_command(name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the figures by what they are drawn from, each with its title."""
        figures = described()
        width = max(len(name) for name, *_ in figures)
        for kind in dict.fromkeys(asked.kind for asked in SUBJECTS.values()):
            rows = [(name.ljust(width), title) for name, title, of in figures if of == kind]
            if rows:
                with formatter.section(f"Figures of a {kind}"):
                    formatter.write_dl(rows)


def described() -> list[tuple[str, str, str]]:
    """Name, title and kind of subject of every figure."""
    found = [(name, FIGURES.get(name)) for name in FIGURES.names()]
    return [(name, figure.title, SUBJECTS[figure.subject.__name__].kind) for name, figure in found]


def figure_command(name: str) -> Command:
    """The command that draws the figure of this name, with the options of its subject."""
    figure = FIGURES.get(name)
    asked = SUBJECTS[figure.subject.__name__]

    @asked.options
    @_output_options
    @click.pass_obj
    def draw(session: Session, /, *, output: Path, force: bool, **given: Any) -> None:
        from tokaudit.core.new_files import check_new, write_whole
        from tokaudit.reports.charts.files import png, svg

        kind = output.suffix.lower()
        if kind not in _KINDS:
            raise UsageError(f"--output: {output}: the name must end in {' or '.join(_KINDS)}")
        check_new({"--output": output}, session.catalog, force=force)
        made = asked.make(session.catalog, **given)
        drawing = figure.draw(made.subject)
        if isinstance(drawing, str):
            raise InputError(f"{output}: not written, because there is nothing to draw. {drawing}")
        content = svg(drawing, figure.title) if kind == ".svg" else png(drawing, figure.title)
        write_whole("--output", output, content)
        row = {"figure": name, "file": str(output), "says": drawing.says}
        document = {**row, "complete": made.complete, "warnings": list(made.warnings)}
        people = ForPeople(columns=_COLUMNS[:2], before=[drawing.says])
        emit(session, Table(_COLUMNS, [row], document=document, people=people), made.notes)

    example = " ".join(filter(None, ["tokaudit", "plot", name, asked.example, f"-o {name}.svg"]))
    return click.command(
        name,
        cls=Command,
        group="Plan",
        examples=(example,),
        required=asked.required,
        help=f"{figure.title}.\n\n{asked.about}",
    )(draw)
