"""Archives are counted like the folders that they are made of, and their texts are found again."""

import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from made.samples import Words, altered, ask, count_into, text, write_jsonl

from tokaudit.cli.progress import ProgressReport
from tokaudit.pipeline.verify import verify


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


@pytest.mark.slow
def test_members_with_different_text_fields_are_found_again(tmp_path: Path) -> None:
    texts = [text(seed) for seed in range(20)]
    write_jsonl(tmp_path / "a.jsonl", texts)
    lines = [json.dumps({"content": altered(each, 5)}) for each in texts]
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        for name in ("a.jsonl", "b.jsonl"):
            archive.add(tmp_path / name, name)
    catalog = tmp_path / "c.duckdb"
    count_into(catalog, tmp_path / "x.tar", "web")
    added = count_into(catalog, tmp_path / "x.tar", "web", (Words(), Words("letters", "1")))
    with ProgressReport(quiet=True) as report:
        verified = verify(catalog, None, 1.0, 1, report)

    assert (added.documents, len(added.tokens), added.complete) == (40, 2, True)
    assert (verified.documents_verified, verified.differences) == (40, [])
    assert ask(catalog, "select distinct how from store.similarities where how like '%gone%'") == []
