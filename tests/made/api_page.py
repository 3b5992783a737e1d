"""The page of the Python interface, made of signatures and docstrings."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import griffe

import tokaudit

WIDTH = 78
"""Columns of a signature: 80 with the two that a terminal indents it by."""

_PARTS = "tokaudit.planning"
_SECTIONS = {
    "parameters": "Arguments",
    "attributes": "Attributes",
    "returns": "Returns",
    "raises": "Raises",
}


def api_page() -> str:
    """The chapter, with every public name of the package in the order in which it lists them."""
    package = griffe.load("tokaudit", docstring_parser="google", resolve_aliases=True, try_relative_path=False)
    names = [name for name in tokaudit.__all__ if name != "__version__"]
    found = {name: _target(package[name]) for name in names}
    tasks = [f"* `tokaudit.{name}`: {_first(found[name])}" for name in names]
    parts = [
        "# Python reference",
        "Functions and classes of the Python interface.",
        "This page is made of the docstrings. `tokaudit guide python` shows how to use them.",
        "## Tasks",
        "\n".join(tasks),
    ]
    for name, each in found.items():
        parts += [f"## tokaudit.{name}", *_described(f"tokaudit.{name}", each)]
    parts += ["## Parts of a plan", "Attributes of a `Plan`, and of what they contain."]
    for each in _parts_of_a_plan(package):
        parts += [f"### {each.name}", *_docstring(each)]
    parts += ["## Result of an ingest", *_docstring(package["pipeline.result.IngestResult"])]
    parts += ["## Result of an export", *_docstring(package["audit.export.Exported"])]
    parts += ["### ExportedFile", *_docstring(package["audit.export.ExportedFile"])]
    parts += ["## Types of arguments", "\n".join(_aliases(found.values()))]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _aliases(public: Iterable[Any]) -> Iterator[str]:
    """The types with names of their own in the signatures of public functions, each with what it stands for."""
    named: dict[str, Any] = {}
    functions = [each for each in public if each.is_function]
    functions += [_target(each) for other in public if other.is_class for each in _members(other)]
    for function in functions:
        if function.is_function and (function.name[0] != "_"):
            for name in re.findall(r"\w+", " ".join(str(each.annotation) for each in function.parameters)):
                part = function.module.members.get(name)
                if part and (not part.is_alias or part.target_path.startswith("tokaudit.")):
                    named.setdefault(name, _target(part))
    for name, each in sorted(named.items()):
        if each.is_attribute:
            yield f"* `{name}`: {_plain(each.docstring.value)}"


def _target(each: Any) -> Any:
    return each.final_target if each.is_alias else each


def _members(each: Any) -> Iterator[Any]:
    """The members of a class, and then those that it inherits."""
    yield from each.members.values()
    yield from each.inherited_members.values()


def _described(name: str, each: Any) -> Iterator[str]:
    """The signature of a function, or the docstring of a class and its public methods."""
    if each.is_function:
        yield _signature(name, each)
        yield from _docstring(each)
        return
    yield from _docstring(each)
    for member in _members(each):
        method = _target(member)
        if method.is_function and method.name[0] != "_":
            yield f"### {name}.{method.name}"
            yield _signature(method.name, method)
            yield from _docstring(method)


def _signature(name: str, each: Any) -> str:
    """The call with a line per argument if it does not fit into one."""
    arguments = list(_arguments(each))
    returned = f" -> {each.returns}" if each.returns is not None else ""
    line = f"{name}({', '.join(arguments)}){returned}"
    if len(line) > WIDTH:
        line = "\n".join([f"{name}(", *(f"    {each}," for each in arguments), f"){returned}"])
    return f"```text\n{_without_quotes(line)}\n```"


def _arguments(each: Any) -> Iterator[str]:
    keyword_only = False
    for parameter in each.parameters:
        if parameter.name == "self":
            continue
        kind = parameter.kind.value
        if kind == "keyword-only" and not keyword_only:
            keyword_only = True
            yield "*"
        star = "**" if kind == "variadic keyword" else ""
        default = "" if parameter.default is None or star else f" = {_value(each, str(parameter.default))}"
        yield f"{star}{parameter.name}: {parameter.annotation}{default}"
        if kind == "positional-only":
            yield "/"


def _value(each: Any, default: str) -> str:
    """A default: the value of a constant instead of its name."""
    if not re.fullmatch(r"[A-Z_]+", default):
        return default
    return str(_target(each.module[default]).value)


def _without_quotes(line: str) -> str:
    """A signature whose annotations have no quotes around them: these are for the interpreter."""
    return re.sub(r'(: |-> )"([^"]*)"', r"\1\2", line).replace("'", '"')


def _docstring(each: Any) -> Iterator[str]:
    for section in each.docstring.parsed if each.docstring else ():
        if section.kind.value == "text":
            yield _plain(section.value)
        elif section.kind.value in _SECTIONS:
            yield f"**{_SECTIONS[section.kind.value]}**"
            yield "\n".join(_items(section.kind.value, section.value))


def _items(kind: str, values: Iterable[Any]) -> Iterator[str]:
    for item in values:
        text = textwrap.indent(_plain(item.description), "  ").lstrip()
        if kind == "returns":
            yield f"* {text}"
        elif kind == "raises":
            yield f"* `{item.annotation}`: {text}"
        else:
            yield f"* {', '.join(f'`{name}`' for name in _names(item))}: {text}"


def _names(item: Any) -> list[str]:
    """The names that an item describes: several are separated by commas, and only the first is taken for the name."""
    names = f"{item.name} {item.annotation}" if item.name.endswith(",") else item.name
    return [name.strip(" ()") for name in names.split(",")]


def _plain(text: str) -> str:
    """The text with one backtick for two, and with arguments for the options that rooms below name."""
    return re.sub(r"`--([a-z-]+)`", lambda found: f"`{found[1].replace('-', '_')}`", text.replace("``", "`"))


def _first(each: Any) -> str:
    """The first sentence of a docstring."""
    return re.match(r".*?[.](?=\s|$)", _plain(each.docstring.value), re.DOTALL)[0]  # type: ignore[index] # all have one


def _parts_of_a_plan(package: Any) -> Iterator[Any]:
    """The classes of a plan's attributes, in order, each before its own parts."""
    seen: set[str] = set()

    def walk(each: Any) -> Iterator[Any]:
        seen.add(each.path)
        yield each
        for member in each.members.values():
            for name in re.findall(r"\w+", str(getattr(member, "annotation", None) or "")):
                part = each.module.members.get(name)
                if part is None or (part.is_alias and not part.target_path.startswith(_PARTS)):
                    continue
                if _target(part).is_class and _target(part).path not in seen:
                    yield from walk(_target(part))

    yield from walk(package["planning.plan.Plan"])
