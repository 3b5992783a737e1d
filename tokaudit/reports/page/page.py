"""The page as one HTML file: our template, with all text escaped and the charts and their data as JSON."""

import jinja2

from tokaudit import __version__
from tokaudit.core.errors import printable
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.page.assets import FOLDER, bundle, own, style
from tokaudit.reports.page.drawn import drawn_figures
from tokaudit.reports.page.opening import of_plan
from tokaudit.reports.page.policy import content_policy, json_in_html


def page(made: MadePlan) -> str:
    """The page of a plan, in one file that loads nothing.

    The same input gives the same text.

    Args:
        made: the plan.

    Raises:
        MissingPackageError: tokaudit was not installed with pip, so that the library that draws is missing.
    """
    figures = drawn_figures(made, None)
    scripts = [bundle(), own("page.js")]
    styles = [style()]
    data = {"figures": {each.name: each.spec for each in figures if each.spec}}
    return _template().render(
        title=f"tokaudit: {of_plan(made.plan).headline}",
        version=__version__,
        policy=content_policy(scripts, styles),
        scripts=scripts,
        styles=styles,
        data=json_in_html(data),
        opening=of_plan(made.plan),
        figures=figures,
    )


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
    return environment.get_template("page.html.j2")


def _shown(value: object) -> object:
    """A text with control characters escaped, as everywhere that people read names; HTML as it is."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
