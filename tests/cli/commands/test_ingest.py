"""``tokaudit ingest``."""

from pathlib import Path

from made.samples import Run, write_jsonl


def test_a_dry_run_lists_files_and_makes_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "c"
    for name in ("a.jsonl", "b.jsonl"):
        write_jsonl(folder / name, [name])
    (folder / "page.unheard").write_text("<p>")
    rows = run("ingest", folder, "--domain", "web", "--dry-run", "--format", "json").json["rows"]

    assert {(Path(row["path"]).name, row["reader"], row["left_out"]) for row in rows} == {
        ("a.jsonl", "jsonl", None),
        ("b.jsonl", "jsonl", None),
        ("page.unheard", None, "unclaimed"),
    }
    assert list(Path.cwd().iterdir()) == []
