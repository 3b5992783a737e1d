"""``tokaudit explain``."""

from made.samples import Run

from tokaudit.core.bad_codes import EXPLANATIONS
from tokaudit.core.left_out_rules import RULES


def test_a_code_has_meaning_cause_and_remedy(run: Run) -> None:
    (row,) = run("explain", "encoding", "--json").json["rows"]

    assert row == {
        "code": "encoding",
        "of": "bad record",
        "meaning": EXPLANATIONS["encoding"].meaning,
        "cause": EXPLANATIONS["encoding"].cause,
        "remedy": EXPLANATIONS["encoding"].remedy,
        "incomplete": True,
    }


def test_without_a_code_all_are_explained(run: Run) -> None:
    shown = run("explain").out

    assert [line.split()[0] for line in shown.splitlines()[1:]] == [*EXPLANATIONS, *RULES]


def test_an_unknown_code_is_wrong_usage(run: Run) -> None:
    assert "unknown code 'nope' (known: malformed, " in run("explain", "nope", code=2).err
