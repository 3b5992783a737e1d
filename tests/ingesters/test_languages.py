"""The language of a file by its name, or by the first line of a script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_all_lexers

from tokaudit.ingesters.languages import OTHER, language_of, library_version, usual_name

# Suffixes of which older catalogs have the same label.
LASTING = {
    "assembly": "asm s",
    "c": "c h",
    "c#": "cs",
    "c++": "cc cpp cxx hh hpp hxx",
    "clojure": "clj cljc cljs",
    "cmake": "cmake",
    "css": "css",
    "cuda": "cu cuh",
    "dart": "dart",
    "elixir": "ex exs",
    "elm": "elm",
    "erlang": "erl hrl",
    "f#": "fs fsx",
    "fortran": "f f03 f08 f90 f95 for",
    "go": "go",
    "graphql": "gql graphql",
    "groovy": "gradle groovy",
    "haskell": "hs",
    "html": "htm html xhtml",
    "ini": "cfg conf ini",
    "java": "java",
    "javascript": "cjs js jsx mjs",
    "json": "json",
    "julia": "jl",
    "kotlin": "kt kts",
    "lua": "lua",
    "markdown": "markdown md mdx",
    "nim": "nim",
    "nix": "nix",
    "objective-c": "m",
    "ocaml": "ml mli",
    "pascal": "pas",
    "perl": "pl pm",
    "php": "php",
    "powershell": "ps1 psm1",
    "prolog": "pro",
    "protobuf": "proto",
    "python": "py pyi",
    "r": "r rmd",
    "restructuredtext": "rst",
    "ruby": "rake rb",
    "rust": "rs",
    "scala": "sc scala",
    "shell": "bash sh zsh",
    "solidity": "sol",
    "sql": "sql",
    "svelte": "svelte",
    "swift": "swift",
    "terraform": "tf",
    "tex": "sty tex",
    "text": "txt",
    "toml": "toml",
    "typescript": "cts mts ts tsx",
    "verilog": "v vh",
    "vhdl": "vhd vhdl",
    "visual basic": "bas vb",
    "vue": "vue",
    "xml": "svg xml xsd",
    "yaml": "yaml yml",
    "zig": "zig",
}

# The language of suffixes that Pygments gives to several.
DECIDED = {
    suffix: language
    for language, all_of in {
        "actionscript": "as",
        "antlr": "g",
        "brainfuck": "b",
        "bugs": "bug",
        "c": "c h",
        "c++": "cp hh",
        "common lisp": "cl",
        "ecl": "ecl",
        "f#": "fs",
        "gdscript": "gd",
        "gherkin": "feature",
        "ini": "inf",
        "jasmin": "j",
        "mason": "mi",
        "maxima": "mac",
        "modula-2": "def",
        "nemerle": "n",
        "objective-c": "m",
        "objective-c++": "mm",
        "openedge abl": "p",
        "perl": "pl pm t",
        "php": "inc",
        "prolog": "pro prolog",
        "r": "r",
        "assembly": "s",
        "ragel": "rl",
        "scala": "sc",
        "scilab": "tst",
        "sql": "sql",
        "supercollider": "scd",
        "swig": "i",
        "tex": "toc",
        "turtle": "ttl",
        "ucode": "u",
        "verilog": "v",
        "visual basic": "bas",
        "xslt": "xsl xslt",
    }.items()
    for suffix in all_of.split()
}


@pytest.mark.parametrize(
    ("language", "suffix"), [(language, suffix) for language, all_of in LASTING.items() for suffix in all_of.split()]
)
def test_a_suffix_has_the_label_that_older_catalogs_have(language: str, suffix: str) -> None:
    assert language_of(f"x.{suffix}", b"") == language
    assert language_of(f"X.{suffix.upper()}", b"") == language


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a.test.ts", "typescript"),
        (".py", "python"),
        ("a.scss", "scss"),
        ("a.less", "less"),
        ("a.pyx", "cython"),
        ("a.el", "emacs lisp"),
        ("a.rkt", "racket"),
        ("a.mm", "objective-c++"),
        ("a.css.j2", "css+django/jinja"),
        ("a.1", "groff"),
        ("a.ipynb", "jupyter notebook"),
        ("a.csv", "csv"),
        ("Makefile", "make"),
        ("makefile", "make"),
        ("Makefile.am", "make"),
        ("Dockerfile", "dockerfile"),
        ("DOCKERFILE", "dockerfile"),
        ("CMakeLists.txt", "cmake"),
        ("go.mod", "go module"),
        ("BUILD", "python"),
        (".bashrc", "shell"),
        ("Gemfile", "ruby"),
        ("LICENSE", OTHER),
        ("build", OTHER),
        ("a.", OTHER),
        ("py", OTHER),
        ("", OTHER),
        (".gitignore", OTHER),
        ("a.unknown", OTHER),
        ("a." + "b." * 100 + "py", "python"),
    ],
)
def test_the_name_decides(name: str, language: str) -> None:
    assert language_of(name, b"") == language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        (b"#!/usr/bin/env python3\n", "python"),
        (b"#!/usr/bin/python3.11 -u\n", "python"),
        (b"#! /bin/sh", "shell"),
        (b"#!/bin/bash -e\n", "shell"),
        (b"#!/usr/bin/env -S node --title\n", "javascript"),
        (b"#!/usr/bin/env FOO=1 perl -w\n", "perl"),
        (b"#!/usr/bin/env bash\r\n", "shell"),
        (b"#!/usr/bin/Rscript\n", "r"),
        (b"#!/usr/bin/env\nruby", OTHER),
        (b"#!\npython", OTHER),
        (b"#!/opt/strange\n", OTHER),
        (b"#!/opt/\xff\xfe\n", OTHER),
        (b" #!/bin/sh\n", OTHER),
        (b"", OTHER),
    ],
)
def test_a_script_without_a_suffix_has_the_language_of_its_first_line(line: bytes, language: str) -> None:
    assert language_of("run", line) == language


def test_a_suffix_is_not_overruled_by_the_first_line() -> None:
    assert language_of("run.rb", b"#!/bin/sh\n") == "ruby"
    assert language_of("run.unknown", b"#!/bin/sh\n") == OTHER


@given(st.text(max_size=40), st.binary(max_size=60))
def test_every_name_has_one_language_in_lower_case(name: str, head: bytes) -> None:
    language = language_of(name, head)

    assert language
    assert language == usual_name(language)


def test_few_suffixes_are_left_to_the_order_of_the_library() -> None:
    by_suffix: dict[str, set[str]] = {}
    for name, _, files, _ in get_all_lexers(plugins=False):
        for file in files:
            if file.startswith("*."):
                by_suffix.setdefault(file[2:].lower(), set()).add(usual_name(name))
    shared = {suffix: known for suffix, known in by_suffix.items() if len(known) > 1}
    left = {suffix for suffix in shared if suffix not in DECIDED}

    assert {suffix: language_of(f"x.{suffix}", b"") for suffix in DECIDED} == DECIDED
    assert len(left) <= 3  # of later versions of Pygments; none of today


@pytest.mark.parametrize(
    ("stated", "usual"),
    [("Python", "python"), ("C++", "c++"), ("Makefile", "make"), ("Protocol Buffer", "protobuf"), ("Shell", "shell")],
)
def test_names_of_data_sets_become_those_of_source_trees(stated: str, usual: str) -> None:
    assert usual_name(stated) == usual


def test_the_version_of_the_library_is_known() -> None:
    assert library_version().startswith("pygments 2.")
