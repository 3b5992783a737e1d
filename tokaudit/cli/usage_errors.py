"""What is wrong with a call, in one line of the program's own style instead of click's."""

import click

from tokaudit.cli.command import Command, HelpWriter
from tokaudit.cli.settings import origin
from tokaudit.core.errors import UsageError


def usage_error(error: click.UsageError) -> UsageError:
    """The error of click as one of our own: what is wrong, what to do, and which ``--help`` says more."""
    context = helpful = error.ctx
    message = _message(error, context).rstrip(".")
    while helpful and not isinstance(helpful.command, HelpWriter):  # it finds the values of another command's settings
        helpful = helpful.parent
    return UsageError(f"{message} (see `{helpful.command_path if helpful else 'tokaudit'} --help`)")


def _message(error: click.UsageError, context: click.Context | None) -> str:
    if isinstance(error, click.NoSuchOption):
        close = f"; did you mean {' or '.join(error.possibilities)}?" if error.possibilities else ""
        return f"{error.option_name}: unknown option{close}"
    if isinstance(error, click.BadOptionUsage):
        needs = "takes no value" if _is_flag(context, error.option_name) else "needs a value"
        return f"{error.option_name}: {needs}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"{_name(error.param, context)}: is required{_how(error.param, context)}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        words = error.message.partition(" Recognized values:")[0].replace("a valid boolean", "true or false")
        return f"{_name(error.param, context)}: {_lower_first(words)}"
    if context is not None and isinstance(context.command, click.Group):
        return "COMMAND: is required"
    return error.format_message()


def _name(parameter: click.Parameter, context: click.Context | None) -> str:
    """As users wrote it: the longest form of an option, the placeholder of an argument, or where else it stands."""
    if context is not None and (place := origin(context, parameter)) != "default":
        return place if place.startswith(("$", "-")) else f"{place}: {parameter.name}"
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.make_metavar(context or click.Context(click.Command(None))).rstrip(".")


def _how(parameter: click.Parameter, context: click.Context | None) -> str:
    """What to give for a parameter that is missing, after a semicolon; empty if nothing is known."""
    command = context.command if context else None
    how = command.required.get(parameter.name or "", "") if isinstance(command, Command) else ""
    if not how and isinstance(parameter, click.Option):
        how = _lower_first((parameter.help or "").removesuffix("."))
    return f"; {how}" if how else ""


def _is_flag(context: click.Context | None, name: str) -> bool:
    options = context.command.params if context else []
    return any(isinstance(each, click.Option) and name in each.opts and each.is_flag for each in options)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
