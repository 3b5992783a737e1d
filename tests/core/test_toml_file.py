"""TOML files: values, the line of each key, and files that are not what they should be."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import InputError
from tokaudit.core.toml_file import MOST_BYTES, read_toml

TEXT = '''# a comment with = and [brackets]
top = "a#b=[" # another
list = [
  "x", # ]
  "y = [",
]
long = """
[not.a.table]
y = 1
"""
"quoted key" = 1
a.b.c = { d = 1, e = [1,
2] }

[sources.crawl]
paths = ["x"]
[ "sources" . 'b c' ]
 label = { q = "w" }
[[many]]
x = 1'''
PLACES = {
    ("top",): 2,
    ("list",): 3,
    ("long",): 7,
    ("quoted key",): 11,
    ("a", "b", "c"): 12,
    ("a", "b", "c", "d"): 12,
    ("sources",): 15,
    ("sources", "crawl"): 15,
    ("sources", "crawl", "paths"): 16,
    ("sources", "b c"): 17,
    ("sources", "b c", "label", "q"): 18,
    ("many", "x"): 20,
    ("unheard",): 1,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_key_is_found_on_its_line(tmp_path: Path, newline: str) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(TEXT.replace("\n", newline).encode())
    found = read_toml(file)

    assert {keys: found.line(*keys) for keys in PLACES} == PLACES
    assert found.place("top") == f"{file}:2"
    assert found.values["a"] == {"b": {"c": {"d": 1, "e": [1, 2]}}}


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes("\ufeffa = 1".encode())

    assert read_toml(tmp_path / "x.toml").values == {"a": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = \xff", ":1: is not valid UTF-8; convert it"),
        (b"# x\na = ", ":2: is not valid TOML: invalid value"),
        (b"a = 1\na = 2", ":2: is not valid TOML: a is there twice; leave one"),
        (b"a = " + b"9" * 5000, ": is not valid TOML: exceeds the limit"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, ": has values nested too deeply"),
        (b"a." * 100_000 + b"a = 1", ": has values nested too deeply"),
        (b"[" + b"'a' . " * 50_000 + b"a]", ": has values nested too deeply"),
        (b"#" * (MOST_BYTES + 1), ": is larger than 1 MiB"),
    ],
    ids=lambda each: repr(each[:20]),
)
def test_a_file_that_is_not_toml_is_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_toml(file)

    assert str(refused.value).startswith(f"{file}{message}")


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, message in {
        "": "is a folder",
        "pipe": "is not a file",
        "nowhere": "can't be read: No such file or directory",
        "a\0b": "is not the name of a file",
    }.items():
        with pytest.raises(InputError, match=message):
            read_toml(tmp_path / name)
    assert read_toml(Path(os.devnull)).values == {}


@given(st.binary(max_size=200) | st.text(alphabet="ab.=[]{}\"'#\n\\, 1", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(content)
    try:
        found = read_toml(file)
    except InputError:
        return
    lines = content.count(b"\n") + 1

    assert all(1 <= found.line(key) <= lines for key in found.values)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = 1\n\nx = 2\n", ":3: is not valid TOML: x is there twice"),
        ("x = 1\nx = [\n 1,\n 2,\n]\ny = 3\n", ":2: is not valid TOML: x is there twice"),
        ('x = 1\nx = """\ny = 1\n"""\n', ":2: is not valid TOML: x is there twice"),
        ("[a.b]\nx = 1\n[ a . 'b' ]\n", ":3: is not valid TOML: [ a . 'b' ] is there twice"),
        ("[a.b]\nx = 1\n[a]\nb.x = 1", ":4: is not valid TOML: "),
    ],
)
def test_a_key_that_is_there_twice_is_named_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(InputError) as refused:
        read_toml(tmp_path / "x.toml")

    assert str(refused.value).startswith(f"{tmp_path}/x.toml{place}")
