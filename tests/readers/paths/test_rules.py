"""Names that are left out, and the user's patterns."""

import pytest

from tokaudit.readers.paths.rules import Patterns, name_rule


@pytest.mark.parametrize(
    ("below", "rule", "in_code"),
    [
        ("a.jsonl", None, None),
        ("a/b_c/d.jsonl", None, None),
        (".a.jsonl", "hidden", None),
        ("_SUCCESS", "hidden", None),
        ("_delta_log/0.json", "hidden", None),
        ("pkg/__init__.py", "hidden", None),
        (".github/workflows/ci.yml", "hidden", None),
        ("._a.jsonl", "hidden", "hidden"),
        (".ipynb_checkpoints/a-checkpoint.ipynb", "hidden", "hidden"),
        ("__MACOSX/a.txt", "hidden", "hidden"),
        (".git/config", "vcs", "vcs"),
        ("a/.hg/store/b", "vcs", "vcs"),
        ("git/x.txt", None, None),
    ],
)
def test_a_name_is_left_out_by_its_parts(below: str, rule: str | None, in_code: str | None) -> None:
    assert (name_rule(below, code=False), name_rule(below, code=True)) == (rule, in_code)


def test_globs_match_the_path_below_or_the_name() -> None:
    assert Patterns(exclude=["*.md"]).leave_out("a/b.md")
    assert Patterns(exclude=["a/*"]).leave_out("a/b/c.md")
    assert not Patterns(exclude=["b/*"]).leave_out("a/b/c.md")
    assert not Patterns(include=["*.md"]).leave_out("a/b.md")
    assert Patterns(include=["*.md"]).leave_out("a/b.txt")
    assert Patterns(["*.md"], ["b*"]).leave_out("a/b.md")
    assert not Patterns().leave_out("anything")


def test_hidden_files_are_asked_for_by_globs_that_begin_like_them() -> None:
    assert Patterns(["_index.md", "*"]).ask_for_hidden("posts/_index.md")
    assert Patterns(["_*"]).ask_for_hidden("posts/_index.md")
    assert not Patterns(["*"]).ask_for_hidden("posts/_index.md")
    assert not Patterns(["_index.md"]).ask_for_hidden("posts/_other.md")
