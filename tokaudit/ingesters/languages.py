"""The programming language of a file: Pygments' table of names and suffixes, and what stands in the first line.

Pygments names some 550 languages by suffix. Of a suffix that several languages share, the one is taken that most files
have: reading each file to decide would take longer than counting it. Names are in lower case, and differ from Pygments'
where `_USUAL` says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from importlib.metadata import version
from typing import Final

OTHER: Final = "other"

# Names as GitHub Linguist and most data sets of source code have them, or as older catalogs do. Dialects that these
# count as their language are counted so here.
_USUAL: Final[Mapping[str, str]] = {
    "aspx-cs": "asp.net",
    "aspx-vb": "asp.net",
    "bash": "shell",
    "ca65 assembler": "assembly",
    "clojurescript": "clojure",
    "delphi": "pascal",
    "docker": "dockerfile",
    "emacslisp": "emacs lisp",
    "fortranfixed": "fortran",
    "gas": "assembly",
    "html+php": "php",
    "jsx": "javascript",
    "lean4": "lean",
    "lesscss": "less",
    "makefile": "make",
    "nasm": "assembly",
    "nimrod": "nim",
    "perl6": "raku",
    "protocol buffer": "protobuf",
    "s": "r",
    "tasm": "assembly",
    "text only": "text",
    "tsx": "typescript",
    "vb.net": "visual basic",
}
# The language of a suffix that several languages have, or that Pygments gives to a rare one.
_CHOSEN: Final[Mapping[str, str]] = {
    "as": "actionscript",
    "b": "brainfuck",
    "bas": "visual basic",
    "bug": "bugs",
    "c": "c",
    "cl": "common lisp",
    "cp": "c++",
    "def": "modula-2",
    "ecl": "ecl",
    "feature": "gherkin",
    "fs": "f#",
    "g": "antlr",
    "gd": "gdscript",
    "h": "c",
    "hh": "c++",
    "i": "swig",
    "inc": "php",
    "inf": "ini",
    "j": "jasmin",
    "m": "objective-c",
    "mac": "maxima",
    "mi": "mason",
    "mm": "objective-c++",
    "module": "php",
    "n": "nemerle",
    "p": "openedge abl",
    "pl": "perl",
    "pm": "perl",
    "pro": "prolog",
    "prolog": "prolog",
    "r": "r",
    "rl": "ragel",
    "s": "assembly",
    "sc": "scala",
    "scd": "supercollider",
    "sql": "sql",
    "t": "perl",
    "toc": "tex",
    "tst": "scilab",
    "ttl": "turtle",
    "u": "ucode",
    "v": "verilog",
    "xsl": "xslt",
    "xslt": "xslt",
}
# Suffixes that Pygments does not know.
_MORE: Final[Mapping[str, str]] = {
    "astro": "astro",
    "conf": "ini",
    "csv": "csv",
    "cts": "typescript",
    "f08": "fortran",
    "f77": "fortran",
    "f95": "fortran",
    "for": "fortran",
    "g4": "antlr",
    "gql": "graphql",
    "ipynb": "jupyter notebook",
    "mdx": "markdown",
    "mts": "typescript",
    "rmd": "r",
    "sty": "tex",
    "svelte": "svelte",
    "tsv": "tsv",
    "vh": "verilog",
}
_MORE_NAMES: Final[Mapping[str, str]] = {
    "Cargo.lock": "toml",
    "Jenkinsfile": "groovy",
    "cmakelists.txt": "cmake",
    "composer.lock": "json",
    "dockerfile": "dockerfile",
    "go.mod": "go module",
    "go.sum": "go checksums",
    "yarn.lock": "yaml",
}
# Interpreters that are not called as Pygments calls their language.
_INTERPRETERS: Final[Mapping[str, str]] = {
    "ash": "shell",
    "bun": "javascript",
    "dash": "shell",
    "deno": "typescript",
    "escript": "erlang",
    "node": "javascript",
    "nodejs": "javascript",
    "pypy": "python",
    "rscript": "r",
    "runghc": "haskell",
    "runhaskell": "haskell",
    "tclsh": "tcl",
    "ts-node": "typescript",
    "wish": "tcl",
}
_SHEBANG: Final = re.compile(rb"#![ \t]*(\S+)(?:[ \t]+(?:-\S+[ \t]+|\w+=\S*[ \t]+)*([^\s-]\S*))?")
_MOST_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class _Table:
    """Pygments' languages by whole name, by suffix in lower case, by pattern, and by the name of an interpreter."""

    names: Mapping[str, str]
    suffixes: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    interpreters: Mapping[str, str]


@cache
def _table() -> _Table:
    from pygments.lexers import get_all_lexers  # noqa: PLC0415 - only the domain code needs it

    names: dict[str, str] = {}
    suffixes: dict[str, str] = {}
    patterns = []
    interpreters: dict[str, str] = {}
    for name, aliases, files, _ in get_all_lexers(plugins=False):  # a plugin of the user's must change no label
        language = usual_name(name)
        for alias in aliases:
            interpreters.setdefault(alias, language)
        for file in files:
            if not re.search(r"[*?\[]", file):
                names.setdefault(file, language)
            elif file.startswith("*.") and not re.search(r"[*?\[]", file[2:]):
                suffixes.setdefault(file[2:].lower(), language)
            else:
                patterns.append((re.compile(translate(file)), language))
    return _Table(
        {**names, **_MORE_NAMES},
        {**suffixes, **_MORE, **_CHOSEN},
        tuple(patterns),
        {**interpreters, **_INTERPRETERS},
    )


def language_of(name: str, head: bytes) -> str:
    """The language of a file in lower case; ``other`` if it is unknown.

    Args:
        name: the last part of its path.
        head: its first bytes. They are looked at only for names without a suffix.
    """
    table = _table()
    found = table.names.get(name) or table.names.get(name.lower())
    if found:
        return found
    parts = name.lower().split(".")
    for first in range(max(1, len(parts) - _MOST_PARTS), len(parts)):
        if found := table.suffixes.get(".".join(parts[first:])):
            return found
    for pattern, language in table.patterns:
        if pattern.match(name):
            return language
    return (_interpreted(head) if len(parts) == 1 else None) or OTHER


def _interpreted(head: bytes) -> str | None:
    """The language of a script by its first line, such as ``#!/usr/bin/env python3``; None if there is no such line."""
    match = _SHEBANG.match(head)
    if match is None:
        return None
    program = match[1].rpartition(b"/")[2]
    if program == b"env" and match[2]:
        program = match[2].rpartition(b"/")[2]
    name = program.decode("ascii", "replace").lower()
    known = _table().interpreters
    return known.get(name) or known.get(name.rstrip("0123456789.-"))


def usual_name(name: str) -> str:
    """The name of a language as labels have it: in lower case, and one name for each language."""
    name = name.lower()
    return _USUAL.get(name, name)


def library_version() -> str:
    """The library that decides on languages, and its version."""
    return f"pygments {version('pygments')}"
