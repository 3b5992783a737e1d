"""Licences and other legal texts, by name."""

import pytest

from tokaudit.ingesters.languages import language_of
from tokaudit.ingesters.licence_files import is_licence


def said(below: str) -> bool:
    """Whether a file of this path is a licence."""
    return is_licence(below, language_of(below.rpartition("/")[2], b""))


@pytest.mark.parametrize(
    "below",
    [
        "LICENSE",
        "a/b/LICENCE",
        "LICENSE.md",
        "license.txt",
        "LICENSE-MIT",
        "LICENSE.APACHE",
        "MIT-LICENSE.txt",
        "UNLICENSE",
        "COPYING",
        "copying",
        "COPYING.LESSER",
        "COPYING3",
        "COPYRIGHT",
        "NOTICE",
        "NOTICE.txt",
        "ThirdPartyNotices.txt",
        "PATENTS",
        "LICENSES/MIT.txt",
        "licenses/apache.html",
    ],
)
def test_legal_texts_are_known_by_their_names(below: str) -> None:
    assert said(below)


@pytest.mark.parametrize(
    "below",
    ["license.py", "License.java", "licenses/parse.go", "README.md", "noticeboard.md", "licensed", "x", ""],
)
def test_code_about_licences_and_other_prose_is_not_a_licence(below: str) -> None:
    assert not said(below)
