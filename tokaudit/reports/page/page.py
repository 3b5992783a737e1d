"""The page as one HTML file: our template, with all text escaped and the charts and their data as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup, escape

from tokaudit import __version__
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.page.assets import FOLDER, scripts, style
from tokaudit.reports.page.basis import basis
from tokaudit.reports.page.drawn import DrawnFigure, drawn_figures
from tokaudit.reports.page.form import what_if_form
from tokaudit.reports.page.opening import Opening, of_plan, sentence
from tokaudit.reports.page.policy import content_policy, json_in_html
from tokaudit.reports.readable import readable

if TYPE_CHECKING:
    from tokaudit.audit.overview import Overview

_SUBJECTS: Final = "What text is there?", "Does data limit this training run?"
"""The questions of a page without and with a plan."""
_TITLES: Final = {"plan": ("run", "The run and its data"), "audit": ("counted", "The text that was counted")}
_AGAIN: Final = ("others", "Next to known runs")
"""The second group of figures of a plan, after those of the text."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        html: the file.
        headline: its first sentence.
        figures: names of the figures that are drawn in it.
        notes: why the numbers of the catalog are not final or not of all its input, one sentence each.
        complete: whether they are.
    """

    html: str
    headline: str
    figures: tuple[str, ...]
    notes: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Group:
    id: str
    title: str
    figures: list[DrawnFigure]


def page(made: MadePlan | None, overview: "Overview | None") -> Page:
    """The page of a plan and of what was counted, in one file that loads nothing.

    The same input gives the same text.

    Args:
        made: the plan; None: the page says what was counted, alone.
        overview: what was counted; None: the page is that of the plan alone.

    Raises:
        MissingPackageError: tokaudit was not installed with pip, so that the library that draws is missing.
    """
    figures = drawn_figures(made, overview)
    form = what_if_form(made)
    charts = {each.name: each.spec for each in figures if each.spec}
    data = {"figures": charts, "what_if": form.document}
    opening = _opening(made, overview)
    content: dict[str, Any] = {
        "subject": _SUBJECTS[made is not None],
        "opening": opening,
        "what_if": form,
        "groups": list(_groups(figures)),
        "missing": list(map(sentence, overview.notes)) if made and overview and not overview.complete else [],
        "basis": basis(made, overview),
    }
    parts = {"styles": [style()], "scripts": scripts(with_law=form.document is not None)}
    policy = content_policy(**parts)
    html = _template().render(**content, **parts, policy=policy, version=__version__, data=json_in_html(_shown(data)))
    complete = (overview is None or overview.complete) and (made is None or made.plan.complete)
    return Page(html, opening.headline, tuple(charts), overview.notes if overview else (), complete)


def _opening(made: MadePlan | None, overview: "Overview | None") -> Opening:
    if made is not None:
        return of_plan(made.plan)
    from tokaudit.reports.page.text_opening import of_text  # noqa: PLC0415 - loads DuckDB

    assert overview is not None
    return of_text(overview)


def _groups(figures: Sequence[DrawnFigure]) -> Iterator[_Group]:
    """The figures in order, with a heading where their subject changes."""
    group: _Group | None = None
    seen = set()
    for drawn in figures:
        if group is None or group.figures[-1].of != drawn.of:
            if group:
                yield group
            group = _Group(*(_AGAIN if drawn.of in seen else _TITLES[drawn.of]), [])
            seen.add(drawn.of)
        group.figures.append(drawn)
    if group:
        yield group


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["marked"] = _marked
    return environment.get_template("page.html.j2")


def _marked(text: str) -> Markup:
    """A sentence in which what stands between backticks is code; one with an odd number of them stays as it is."""
    parts = readable(text).split("`")
    if len(parts) % 2 == 0:
        return escape(readable(text))
    kinds = Markup("{}"), Markup("<code>{}</code>")
    return Markup("").join(kinds[place % 2].format(part) for place, part in enumerate(parts))


def _shown(value: Any) -> Any:
    """A text, or those of a document, with control characters escaped, as everywhere that people read names.

    HTML stays as it is.
    """
    if isinstance(value, dict):
        return {_shown(key): _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return readable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
