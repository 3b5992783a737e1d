"""The rows that a name means."""

import pytest
from published_rows import published_row

from tokaudit.errors import UsageError
from tokaudit.published import published_corpora
from tokaudit.published_names import find_rows

REGISTRY = [
    published_row(corpus="Set v1.0", component="score>=3"),
    published_row(corpus="Set v1.0", component="score-2", standard=False),
    published_row(corpus="Set v1.0", component="a/b (c)"),
    published_row(corpus="Lone", component="sample", standard=False),
    published_row(corpus="Parts", component="one", standard=False),
    published_row(corpus="Parts", component="two", standard=False),
    published_row(corpus="parts", component="three"),
]


@pytest.mark.parametrize(
    ("name", "components"),
    [
        ("Set v1.0", ["score>=3", "a/b (c)"]),
        ("set-V10", ["score>=3", "a/b (c)"]),
        ("Set v1.0/score-2", ["score-2"]),
        ("SETv1.0/Score 2", ["score-2"]),
        ("set v1.0/a/b c", ["a/b (c)"]),
        ("lone", ["sample"]),
        ("parts", ["three"]),
    ],
)
def test_a_name_is_found_as_written_or_nearly_so(name: str, components: list[str]) -> None:
    assert [row.component for row in find_rows(name, REGISTRY)] == components


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Parts", "'Parts' alone stands for none of its rows.*'Parts/one', 'Parts/two'"),
        ("lone/nothing", "unknown component 'lone/nothing' .*'Lone/sample'"),
        ("Lonely", "unknown corpus 'Lonely' .*Lone"),
        ("zzz", "unknown corpus 'zzz' .known: Lone, parts, Set v1.0"),
        ("", "unknown corpus ''"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_may_be_meant(name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        find_rows(name, REGISTRY)


def test_every_row_of_the_registry_is_found_by_its_own_name() -> None:
    known = published_corpora()
    for row in known:
        assert find_rows(row.name, known) == [row]
        assert find_rows(row.name.upper().replace(" ", "_"), known) == [row]
