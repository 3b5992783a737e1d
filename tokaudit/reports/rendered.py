"""Markdown on a terminal: prose and tables within its width, commands in one piece."""

import re
from textwrap import indent
from typing import ClassVar, Final, TextIO

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, MarkdownElement, TableElement
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from tokaudit.reports.wrap import terminal_width

_THEME: Final = Theme({"markdown.code": "bold", "markdown.code_block": "cyan"})  # on the terminal's own background
_COMMENT: Final = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_LOCAL_LINK: Final = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")


class _Code(CodeBlock):
    """A block that is never folded, so that what a user copies from it is what it says."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(indent(str(self.text).rstrip(), "  "), style="markdown.code_block", no_wrap=True, overflow="ignore")


class _Heading(Heading):
    """A heading at the left edge, as in the text."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        yield self.text


class _Table(TableElement):
    """A table that folds long words: rich would cut them off."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            assert isinstance(table, Table)
            for column in table.columns:
                column.overflow = "fold"
            yield table


class _Page(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": _Code,
        "code_block": _Code,
        "heading_open": _Heading,
        "table_open": _Table,
    }


def print_markdown(text: str, stream: TextIO) -> None:
    """Print Markdown to a terminal, within its width.

    A link to another file becomes its words, as no terminal can follow it. The address of a link to the web stands
    behind its words. Comments are left out.
    """
    shown = _LOCAL_LINK.sub(r"\1", _COMMENT.sub("", text))
    console = Console(file=stream, width=terminal_width(stream), theme=_THEME, force_jupyter=False)
    with console.capture() as captured:  # rich would end the process if the reader of a pipe went away
        console.print(_Page(shown, hyperlinks=False), crop=False)
    stream.write(captured.get())
