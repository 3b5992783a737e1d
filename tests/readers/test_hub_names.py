"""Names of datasets, and the URLs of their splits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.readers.hub_names import DatasetName

PARTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@given(path=PARTS.filter(bool), config=PARTS, split=PARTS, revision=PARTS)
def test_a_url_gives_back_the_split_it_was_made_from(path: str, config: str, split: str, revision: str) -> None:
    name = DatasetName(path, config, split, revision)

    assert DatasetName.from_url(name.url) == name


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("name", DatasetName("name")),
        ("org/name", DatasetName("org/name")),
        ("org/name@v1", DatasetName("org/name", revision="v1")),
        ("org/name:config", DatasetName("org/name", "config")),
        ("org/name:config:split@refs/pr/1", DatasetName("org/name", "config", "split", "refs/pr/1")),
        ("org/name::split", DatasetName("org/name", "", "split")),
        ("hub://org/name:config:split@0", DatasetName("org/name", "config", "split", "0")),
    ],
)
def test_a_hub_name_may_have_configuration_split_and_revision(spec: str, name: DatasetName) -> None:
    assert DatasetName.parse(spec) == name


def test_an_existing_path_precedes_the_hub_even_with_colons_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("plain", "a:b@c"):
        (tmp_path / name).mkdir()

    assert DatasetName.parse("plain:x:y") == DatasetName(str(tmp_path / "plain"), "x", "y")
    assert DatasetName.parse("a:b@c") == DatasetName(str(tmp_path / "a:b@c"))
    assert DatasetName.parse(DatasetName.parse("a:b@c").url) == DatasetName(str(tmp_path / "a:b@c"))
    with pytest.raises(UsageError, match="so it has no revision 'v1'; leave it out"):
        DatasetName.parse("plain@v1")
