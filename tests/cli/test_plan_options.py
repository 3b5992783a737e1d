"""The option ``--law``, which several commands take: an everyday name leads to a law, and the answer says so."""

import pytest
from made.samples import Run

SAID = "chinchilla: besiroglu2024 is used, a corrected fit of the Chinchilla data; `tokaudit laws` lists the others"


@pytest.mark.parametrize(
    ("command", "notes"),
    [
        (("plan", "--flops", "1e24", "--supply", "web=1T"), "warnings"),
        (("ceilings", "--supply", "web=1T"), "warnings"),
        (("runs",), "warnings"),
        (("forecast", "--samples", "1000"), "notes"),
    ],
)
def test_an_everyday_name_of_a_law_is_explained_in_the_answer(run: Run, command: tuple[str, ...], notes: str) -> None:
    found = run(*command, "--law", "chinchilla", "--format", "json").json
    assert found["law"] == "besiroglu2024"
    assert found[notes][0] == f"--law {SAID}"
    assert run(*command, "--law", "besiroglu2024", "--format", "json").json[notes] == found[notes][1:]
    people = run(*command, "--law", "chinchilla")
    assert f"--law {SAID}" in people.out + people.err


def test_laws_show_their_everyday_names(run: Run) -> None:
    rows = {row["law"]: row for row in run("laws", "--format", "json").json["rows"]}
    assert "chinchilla" in rows["besiroglu2024"]["aliases"]
    assert rows["besiroglu2024"]["about"] == "a corrected fit of the Chinchilla data"
    assert "data-constrained" in run("laws").out
