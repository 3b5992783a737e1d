"""Globs: as the standard library has them, but without following links to folders."""

import glob
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tokaudit.readers.paths.globs import local_matches

PARTS = st.sampled_from(["*", "**", "a", "b", "*.txt", "?", "[ab]", ".h", ".*", "a.txt", "*a*"])


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small tree of folders with files, hidden ones among them."""
    top = tmp_path_factory.mktemp("tree")
    for name in ("a/b/a.txt", "a/a.txt", "b/.h/a.txt", "b/.a", ".h/b/a.txt", "a.txt", "b.txt", "a/a/a/b.txt"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text("")
    return top


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(PARTS, min_size=1, max_size=4))
@example(parts=["**"])
@example(parts=["a", "**", "**", "a.txt"])
def test_without_links_matches_are_those_of_the_standard_library(tree: Path, parts: list[str]) -> None:
    pattern = "/".join([str(tree), *parts])
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207 - the reference
    expected = {path.rstrip("/") for path in found if not path.endswith("/") or Path(path).is_dir()}

    assert {path.rstrip("/") for path in local_matches(pattern).paths} == expected


def test_relative_patterns_match_below_the_working_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)

    assert local_matches("**/b.txt").paths == ["a/a/a/b.txt", "b.txt"]
    assert local_matches("a/**/b.txt").paths == ["a/a/a/b.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_in_circles_are_not_followed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("")
        for number in range(20):
            (tmp_path / name / f"circle{number}").symlink_to(tmp_path)

    assert local_matches(f"{tmp_path}/**/x.txt").paths == [f"{tmp_path}/a/x.txt", f"{tmp_path}/b/x.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("end", ["**", "**/*", "**/c*"])
def test_links_to_folders_are_no_matches_of_stars_below_a_folder(tmp_path: Path, end: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "circle").symlink_to(tmp_path)
    found = local_matches(f"{tmp_path}/{end}")

    assert f"{tmp_path}/a/circle" not in found.paths
    assert found.links == [f"{tmp_path}/a/circle"]
    assert local_matches(f"{tmp_path}/**/circle").paths == [f"{tmp_path}/a/circle"]  # named, so it is followed


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_to_files_match_stars_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "blob").write_text("")
    (tmp_path / "x.txt").symlink_to(tmp_path / "blob")

    assert f"{tmp_path}/x.txt" in local_matches(f"{tmp_path}/**").paths
    assert local_matches(f"{tmp_path}/**/*.txt").links == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_itself_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "a.txt").write_text("text")

    assert local_matches(f"{tmp_path}/**/*.txt").paths == [f"{tmp_path}/a.txt"]
    assert local_matches(f"{tmp_path}/**/s*/*.txt").paths == []
