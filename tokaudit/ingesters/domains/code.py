"""Source trees: one document per source file, with its language as the label ``language``."""

from collections.abc import Mapping
from typing import Final

from tokaudit.ingesters.base import Ingester
from tokaudit.readers.detect import FALLBACK, reader_by_name
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.magic import compression_suffix
from tokaudit.readers.options import Chosen

_LANGUAGES: Final[Mapping[str, str]] = {
    suffix: language
    for language, suffixes in {
        "assembly": "asm s",
        "c": "c h",
        "c#": "cs",
        "c++": "cc cpp cxx hh hpp hxx",
        "clojure": "clj cljc cljs",
        "cmake": "cmake",
        "css": "css less sass scss",
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
        "ini": "cfg conf ini properties",
        "java": "java",
        "javascript": "cjs js jsx mjs",
        "json": "json json5",
        "julia": "jl",
        "kotlin": "kt kts",
        "lisp": "cl el lisp scm rkt",
        "lua": "lua",
        "markdown": "markdown md mdx",
        "matlab": "mat",
        "nim": "nim",
        "nix": "nix",
        "objective-c": "m mm",
        "ocaml": "ml mli",
        "pascal": "pas",
        "perl": "pl pm",
        "php": "php",
        "powershell": "ps1 psm1",
        "prolog": "pro",
        "protobuf": "proto",
        "python": "pxd py pyi pyx",
        "r": "r rmd",
        "restructuredtext": "rst",
        "ruby": "rake rb",
        "rust": "rs",
        "scala": "sc scala",
        "shell": "bash fish sh zsh",
        "solidity": "sol",
        "sql": "sql",
        "svelte": "svelte",
        "swift": "swift",
        "terraform": "tf",
        "tex": "bib sty tex",
        "text": "txt",
        "toml": "toml",
        "typescript": "cts mts ts tsx",
        "verilog": "sv v vh",
        "vhdl": "vhd vhdl",
        "visual basic": "bas vb",
        "vue": "vue",
        "xml": "svg xml xsd xsl",
        "yaml": "yaml yml",
        "zig": "zig",
    }.items()
    for suffix in suffixes.split()
}
_LANGUAGE_OF_NAME: Final = {"cmakelists.txt": "cmake", "dockerfile": "dockerfile", "makefile": "make"}

# Suffixes of files without text or source, next to compressed ones; other binary files contain a zero byte.
_BINARY: Final = frozenset(
    "7z a avi bin bmp class db dll dylib eot exe gif ico icns jar jpeg jpg lib mo mov mp3 mp4 npy npz o "
    "ogg otf pack pdf pickle pkl png psd pt pth pyc pyd rar so sqlite tar tgz tif tiff ttf wasm wav webm webp "
    "whl woff woff2 xls xlsx zip".split()
)


def _choose(file: InputFile) -> Chosen:
    name = file.name
    reader = reader_by_name(name)
    if reader is not None and READERS.get(reader).is_table:
        # In a source tree these are data. To count a corpus of source code in such files, name them or use --reader.
        return Chosen(left_out="data")
    if compression_suffix(name) or _suffix(name) in _BINARY:
        return Chosen(left_out="binary")
    held = file.held()
    return Chosen(left_out="binary") if _has_nul(held) else Chosen(reader=FALLBACK, file=held)


def _has_nul(file: InputFile) -> bool:
    if file.data is not None:
        return b"\0" in file.data
    try:
        return any(b"\0" in block for block in file.blocks())
    except OSError:
        return False  # the reader reports why it can't be read


def _suffix(name: str) -> str:
    return name.lower().rpartition(".")[2] if "." in name else ""


def _language(file: InputFile) -> Mapping[str, str]:
    name = file.name
    return {"language": _LANGUAGE_OF_NAME.get(name.lower()) or _LANGUAGES.get(_suffix(name)) or "other"}


INGESTER: Final = Ingester(choose=_choose, labels=_language, is_code=True)
