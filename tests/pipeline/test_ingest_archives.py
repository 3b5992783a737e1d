"""Archives are counted like the folders that they are made of, and their texts are found again."""

import tarfile
import zipfile
from pathlib import Path

import pytest
from made.samples import altered, ask, count_into, text


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source tree as a folder, as two kinds of tar archives and as a zip archive."""
    root = tmp_path_factory.mktemp("trees")
    tree = root / "tree"
    for number in range(12):
        part = tree / f"part{number % 3}"
        part.mkdir(parents=True, exist_ok=True)
        content = altered(text(number - 6), 2) if number >= 6 else text(number)
        (part / f"{number}.py").write_text(content)
    (tree / "same.md").write_text(text(1))
    with tarfile.open(root / "a.tar", "w") as plain, tarfile.open(root / "b.tar.gz", "w:gz") as packed:
        plain.add(tree, "tree")
        packed.add(tree, "tree")
    with zipfile.ZipFile(root / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(tree.rglob("*.*")):
            archive.write(file, file.relative_to(root))
    return root


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.tar", "b.tar.gz", "c.zip"])
def test_an_archive_has_the_numbers_of_its_folder(tmp_path: Path, trees: Path, name: str) -> None:
    counted = []
    for source in ("tree", name):
        catalog = tmp_path / f"{source}.duckdb"
        found = count_into(catalog, trees / source, "code", source="s")
        documents = "select bytes, words, count(*) from documents group by all order by all"
        unique = "select documents_seen, documents_unique_exact, documents_unique, tokens_unique from supply"
        counted.append((found.complete, ask(catalog, documents), ask(catalog, unique)))

    assert counted[0] == counted[1]
    (seen, exact, near, _), *_ = counted[0][2]
    assert (seen, exact, near) == (13, 12, 6)
