"""Rules that leave out files by their paths."""

import pytest

from tokaudit.readers.rules import name_rule


@pytest.mark.parametrize(
    ("below", "text", "code"),
    [
        ("a/b.txt", None, None),
        (".git/config", "vcs", "vcs"),
        ("a/CVS/Root", "vcs", "vcs"),
        (".github/ci.yml", "hidden", None),
        ("a/.env", "hidden", None),
        ("_SUCCESS", "hidden", None),
        ("p/__init__.py", "hidden", None),
        ("a/._b.txt", "hidden", "hidden"),
        ("__MACOSX/a.txt", "hidden", "hidden"),
        ("n/.ipynb_checkpoints/n.ipynb", "hidden", "hidden"),
    ],
)
def test_hidden_names_and_version_control_are_left_out(below: str, text: str | None, code: str | None) -> None:
    assert (name_rule(below, code=False), name_rule(below, code=True)) == (text, code)
