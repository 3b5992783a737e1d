"""``tokaudit guide``: the chapters of the manual, or one of them."""

from pathlib import Path
from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_topics
from tokaudit.cli.output import emit, emit_chapter, write_new
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError
from tokaudit.reports.protocol import ForPeople, Table


@click.command(
    "guide",
    cls=Command,
    group="Manage",
    examples=("tokaudit guide", "tokaudit guide plans", "tokaudit guide notebook --notebook my.ipynb"),
    works_without_file=True,
)
@click.argument("topic", required=False, shell_complete=complete_topics)
@click.option(
    "--notebook",
    type=click.Path(readable=False, path_type=Path),
    metavar="FILE.ipynb",
    help="File to write the chapter to as a Jupyter notebook, if it is one.",
)
@click.option("--force", is_flag=True, help="Overwrite the file of --notebook if it exists.")
@click.pass_obj
def command(session: Session, topic: str | None, *, notebook: Path | None, force: bool) -> None:
    """List the chapters of the guide, or show the one on TOPIC.

    A terminal shows the chapter formatted; a pipe or a file gets its Markdown.
    """
    from tokaudit.core.name_matching import unknown_name
    from tokaudit.core.resources import guide_chapters, guide_notebooks

    chapters = guide_chapters()
    if notebook is not None:
        notebooks = guide_notebooks()
        if topic not in notebooks:
            raise UsageError(f"--notebook: {topic or 'no topic'} is not a notebook (notebooks: {', '.join(notebooks)})")
        write_new(session, "--notebook", notebook, notebooks[topic], force=force)
        session.say(f"wrote {notebook}")
        return
    if topic is None:
        rows = [{"topic": name, "about": _about(text)} for name, text in chapters.items()]
        emit(session, Table(("topic", "about"), rows, people=ForPeople(prose=("about",))))
        return
    if topic not in chapters:
        raise UsageError(unknown_name("topic", topic, list(chapters)))
    emit_chapter(session, topic, chapters[topic])


def _about(text: str) -> str:
    """The first paragraph below the chapter's title, in one line."""
    return " ".join(text.partition("\n\n")[2].partition("\n\n")[0].split())


COMMAND: Final = command
