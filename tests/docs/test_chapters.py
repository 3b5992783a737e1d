"""Each chapter of the guide has the form of a manual, and is readable on a terminal."""

import re
from pathlib import Path

import pytest
from made.documents import CHAPTERS, CONTRIBUTING, DOCUMENTS, PACKAGE, on_a_terminal, prose, text_of

from tokaudit.core.resources import guide_chapters

WRITTEN = [*DOCUMENTS, CONTRIBUTING]
NAMES = [chapter.stem for chapter in CHAPTERS]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")

TRANSLATED = re.compile(
    r"\bfor want of\b|\bbeside\b|"
    r"(?<!there )\b(?:is|are) no\b(?! longer)|\bparams\b|\bcopies\b|\bmend\b|\bnor\b|\bworth of\b|\bof chance\b",
    re.IGNORECASE,
)
"""Phrases that the rules for words replace by others."""


def sentences(document: Path) -> list[str]:
    """Return the sentences of a document's prose; cells of tables and items of lists are sentences of their own."""
    parts = re.split(r"\n\n|\n\s*[*\d-]+\.? |\n#+ |\|", prose(text_of(document)))
    return [" ".join(each.split()) for part in parts for each in re.split(r"(?<=[.?!:;])\s", part)]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=NAMES)
def test_a_chapter_says_what_it_is_for_then_how_to_do_it(chapter: Path) -> None:
    title, about, *rest = text_of(chapter).split("\n\n")
    headings = re.findall(r"^## (.+)$", "\n\n".join(rest), re.MULTILINE)

    assert re.fullmatch(r"# [A-Z].+", title)
    assert re.fullmatch(r"[A-Z][^\n]{20,62}[.]", about)
    assert headings[0] == "Tasks"
    assert len(headings) > 1


@pytest.mark.parametrize("document", WRITTEN, ids=[document.name for document in WRITTEN])
def test_no_sentence_has_more_than_25_words(document: Path) -> None:
    assert [each for each in sentences(document) if len(re.findall(r"[\w'-]*\w", each)) > 25] == []


@pytest.mark.parametrize("document", WRITTEN, ids=[document.name for document in WRITTEN])
def test_no_phrase_sounds_translated(document: Path) -> None:
    assert TRANSLATED.findall(prose(text_of(document))) == []


@pytest.mark.parametrize("document", WRITTEN, ids=[document.name for document in WRITTEN])
def test_names_of_commands_and_files_are_not_broken_over_lines(document: Path) -> None:
    lines = re.sub(r"^```.*?^```$", "", text_of(document), flags=re.MULTILINE | re.DOTALL).splitlines()

    assert [line for line in lines if line.count("`") % 2] == []


@pytest.mark.parametrize("document", WRITTEN, ids=[document.name for document in WRITTEN])
def test_links_lead_to_files_and_chapters_that_are_there(document: Path) -> None:
    text = text_of(document)
    places = (document.parent, PACKAGE.parent)  # the second where the source is gone and the package installed

    assert [link for link in LINK.findall(prose(text)) if not any((place / link).exists() for place in places)] == []
    assert set(re.findall(r"`tokaudit guide (\w+)`", text)) <= set(guide_chapters())


@pytest.mark.parametrize("chapter", CHAPTERS, ids=NAMES)
def test_a_chapter_fits_a_terminal_and_its_commands_are_whole(chapter: Path) -> None:
    shown = on_a_terminal(["guide", chapter.stem], 80).splitlines()
    code = re.findall(r"^```\w+\n(.*?)^```$", text_of(chapter), re.MULTILINE | re.DOTALL)
    lines = {f"  {line}".rstrip() for block in code for line in block.splitlines()}

    assert lines <= set(shown)
    assert [line for line in shown if len(line) > 80 and line not in lines] == []


def test_the_rooms_of_the_architecture_are_those_of_the_package() -> None:
    rooms = re.findall(r"^[├└]── (\w+)/", guide_chapters()["architecture"], re.MULTILINE)

    assert sorted(rooms) == sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] != "_")


def test_the_modules_that_the_architecture_names_are_there() -> None:
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", guide_chapters()["architecture"])
    missing = [name for name in named if not name.startswith("tests/") and not [*PACKAGE.rglob(name)]]

    assert len(named) > 40
    assert [name for name in missing if not (PACKAGE.parent / name).is_file()] == []
