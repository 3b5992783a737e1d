"""Figures as files: the same each time, valid XML whatever the names are, and with fonts that are everywhere."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from made.drawings import drawing

from tokaudit.reports.charts.files import png, svg

HOSTILE = (
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    '\' id="clip1" url(#clip1)',
    "&lt;b&gt; ]]>",
    "\u202eevil",
    "{{7*7}}",
    "😀",
    "n" * 2000,
)
NOT_XML_SHOWN = {
    **{name: ascii(name)[1:-1] for name in ("a\x00b", "a\u202eb", "a\x1bb", "a\u200bb")},
    "a\nb": "a\\x0ab",
    **dict.fromkeys(("a\ufffeb", "a\uffffb", "a\ud800b"), "a\N{REPLACEMENT CHARACTER}b"),
}

SCRIPT = """
import hashlib
from made.drawings import drawing
from tokaudit.reports.charts.files import png, svg
print(*(hashlib.sha256(each).hexdigest() for each in (svg(drawing("a"), "A").encode(), png(drawing("a"), "A"))))
"""


def elements(document: str) -> list[ET.Element]:
    """All elements; the document is valid XML."""
    return list(ET.fromstring(document).iter())  # noqa: S314 - our own


def texts(document: str) -> list[str]:
    """The words that a figure shows."""
    return [line for element in elements(document) if element.tag.endswith("text") for line in element.itertext()]


@pytest.mark.slow
def test_another_process_writes_the_same_bytes() -> None:
    here = [hashlib.sha256(each).hexdigest() for each in (svg(drawing("a"), "A").encode(), png(drawing("a"), "A"))]
    tests = Path(__file__).parents[2]
    script = f"import sys; sys.path.insert(0, {str(tests)!r})\n{SCRIPT}"

    assert subprocess.check_output([sys.executable, "-c", script], text=True).split() == here


def test_the_same_drawing_gives_the_same_file() -> None:
    assert svg(drawing("a", "b"), "A") == svg(drawing("a", "b"), "A")
    assert png(drawing("a", "b"), "A") == png(drawing("a", "b"), "A")


def test_a_png_begins_as_one() -> None:
    assert png(drawing("a"), "A").startswith(b"\x89PNG\r\n")


def test_title_and_sentence_stand_above_the_chart() -> None:
    shown = texts(svg(drawing("a", says="What is seen, in so many words. " * 9), "A title"))
    first = shown.index("A title")

    assert " ".join(shown[first:]).replace("A title ", "", 1).startswith("What is seen, in so many words. What is")
    assert max(map(len, shown)) <= 116


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_text(name: str) -> None:
    found = svg(drawing(name, says=name), name)
    tags = {element.tag.rpartition("}")[2] for element in elements(found)}
    attributes = {key for element in elements(found) for key in element.attrib}

    assert tags <= {"svg", "g", "path", "rect", "line", "text", "defs", "clipPath", "tspan", "title"}
    assert not [key for key in attributes if key.startswith("on")]
    assert png(drawing(name, says=name), name)


@pytest.mark.parametrize("name", NOT_XML_SHOWN)
def test_what_controls_is_escaped_and_what_xml_forbids_replaced(name: str) -> None:
    found = svg(drawing(name), name)

    assert NOT_XML_SHOWN[name] in texts(found)
    assert png(drawing(name), name)


def test_two_figures_share_no_names_of_elements() -> None:
    found = [re.findall(r'<[^<>]* id="([^"]*)"', svg(drawing(name), "A")) for name in "ab"]

    assert all(found)
    assert not set(found[0]) & set(found[1])


def test_every_name_that_is_referred_to_is_there() -> None:
    found = svg(drawing("a", "' url(#clip1)"), "A")
    used = re.findall(r'<[^<>]*="url\(#([^)"]*)\)"', found)

    assert used
    assert set(used) <= set(re.findall(r'<[^<>]* id="([^"]*)"', found))
    assert "' url(#clip1)" in texts(found)


def test_the_font_is_one_that_programs_for_slides_have() -> None:
    assert set(re.findall(r'font-family="(\w+)', svg(drawing("a"), "A"))) == {"Arial"}
