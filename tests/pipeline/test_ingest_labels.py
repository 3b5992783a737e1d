"""Labels: fields of documents that are kept, asked for at once or later."""

from pathlib import Path

import pytest
from made.samples import Run, ask, ingested, tables, text, write_jsonl

from tokaudit.catalog.connection import write_transaction
from tokaudit.core.resources import shipped

UNIQUE = [text(seed) for seed in range(4)]


@pytest.mark.slow
def test_adding_tokens_of_different_origins_is_reported(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", UNIQUE[:3], how=["natural", "synthetic", "natural"])
    write_jsonl(tmp_path / "b" / "x.jsonl", UNIQUE[3:4], how=["made up"])
    counted = ingested(run, tmp_path / "a", "--domain", "web", "--label", "origin=how")
    said = run("supply")
    silenced = run("supply", "-q", "--format", "json")
    plan = run("plan", "--flops", "1e20", "--format", "json").json
    refused = run("ingest", tmp_path / "b", "--domain", "web", "--label", "origin=how", code=3)

    assert "2 natural, 1 synthetic" in said.err
    assert silenced.err == ""
    for report in (counted, silenced.json, plan):
        assert any("2 natural, 1 synthetic" in warning for warning in report["warnings"])
    assert "'made up'" in refused.err
    assert "natural, rephrased, synthetic" in refused.err


@pytest.mark.slow
def test_a_kept_field_is_a_label_for_grouping(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "x.jsonl", UNIQUE[:4], licence=["mit", "mit", "gpl", None], score=[1, 2.5, True, 4])
    ingested(run, tmp_path / "c", "--domain", "web", "--label", "licence=licence")
    rows = run("supply", "--by", "licence", "--format", "json").json["rows"]
    assert [(row["licence"], row["documents_seen"]) for row in rows] == [(None, 1), ("gpl", 1), ("mit", 2)]

    again = ingested(run, tmp_path / "c", "--domain", "web", "--label", "score=score")
    assert again["files_unchanged"] == 0
    names = "select name, count(*) as n from labels group by all order by all"
    kept = run("query", names, "--format", "json").json["rows"]
    assert kept == [{"name": "licence", "n": 3}, {"name": "score", "n": 4}]
    assert "licence, score" in run("supply", "--by", "nothing", code=2).err


@pytest.mark.slow
def test_tokens_of_one_origin_need_no_note(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", UNIQUE[:2], how=["synthetic", "synthetic"])
    write_jsonl(tmp_path / "b" / "x.jsonl", UNIQUE[2:3], how=["natural"])
    write_jsonl(tmp_path / "c" / "x.jsonl", UNIQUE[3:4])

    def said() -> str:
        lines = run("supply", "--by", "origin").err.splitlines()
        return "\n".join(line for line in lines if "carries no check sums" not in line and "carry no" not in line)

    ingested(run, tmp_path / "a", "--domain", "web", "--label", "origin=how")
    assert said() == ""
    ingested(run, tmp_path / "b", "--domain", "web", "--label", "origin=how")
    assert "1 natural, 2 synthetic documents" in said()
    with write_transaction(Path("tokaudit.duckdb")) as connection:  # as an ingest that is cut off leaves it
        connection.execute("update store.files set state = 'staged' where source = 'b'")
    assert said() == ""
    ingested(run, tmp_path / "c", "--domain", "web")
    assert "2 synthetic, 1 unlabelled documents" in said()


@pytest.mark.parametrize("name", ["domain", "source", "documents_seen", "bad_records"])
def test_a_label_with_the_name_of_a_column_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    write_jsonl(tmp_path / "c" / "x.jsonl", UNIQUE[:1], field=["a"])
    arguments = ("ingest", tmp_path / "c", "--domain", "web", "--label", f"{name}=field")
    for refused in (run(*arguments, code=2), run(*arguments, "--dry-run", code=2)):
        assert f"--label {name}: `tokaudit supply` has a column of this name" in refused.err


def kept(run: Run) -> list[tuple[str, str, str]]:
    """All labels: name of the file, name of the label, value."""
    rows = run("query", "select path, name, value from labels order by all", "--format", "json").json["rows"]
    return [(Path(row["path"]).stem, row["name"], row["value"]) for row in rows]


@pytest.mark.slow
def test_the_next_ingest_reads_a_label_that_was_interrupted(run: Run, tmp_path: Path) -> None:
    for name in "abde":
        write_jsonl(tmp_path / "t" / f"{name}.jsonl", [f"text {name}"], field=[name])
    ingested(run, tmp_path / "t", "--domain", "web")
    (tmp_path / "t" / "c.jsonl").write_text("{bad\n")
    run("ingest", tmp_path / "t", "--domain", "web", "--label", "l=field", code=3)
    assert kept(run) == [(name, "l", name) for name in "ab"]
    write_jsonl(tmp_path / "t" / "c.jsonl", ["mended"], field=["c"])
    result = ingested(run, tmp_path / "t", "--domain", "web")

    assert (result["files_unchanged"], result["complete"]) == (2, True)
    assert kept(run) == [(name, "l", name) for name in "abcde"]
    assert ingested(run, tmp_path / "t", "--domain", "web", "--label", "l=field")["files_unchanged"] == 5


@pytest.mark.slow
def test_a_label_of_part_of_a_source_is_read_for_the_rest_later(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "s" / "a" / "x.jsonl", UNIQUE[:2], field=["1", "2"])
    write_jsonl(tmp_path / "s" / "b.jsonl", UNIQUE[2:4], field=["3", "4"])
    (tmp_path / "s" / "empty.jsonl").touch()
    ingested(run, tmp_path / "s", "--domain", "web")
    before = tables(run)
    ingested(run, tmp_path / "s" / "a", "--domain", "web", "--source", "s", "--label", "l=field")
    assert [value for _, _, value in kept(run)] == ["1", "2"]
    options = ("--domain", "web", "--tokenizer", "cl100k_base", "--tokenizer", "o200k_base")
    result = ingested(run, tmp_path / "s", *options, "--label", "l=field")

    assert result["files_unchanged"] == 0
    assert sorted(value for _, _, value in kept(run)) == ["1", "2", "3", "4"]
    assert ingested(run, tmp_path / "s", *options)["files_unchanged"] == 3
    assert tables(run)["supply"] == before["supply"]


@pytest.mark.slow
def test_a_label_from_another_field_replaces_the_old_one(run: Run, tmp_path: Path) -> None:
    for name in "ab":
        write_jsonl(tmp_path / "s" / f"{name}.jsonl", [name], old=["o"], new=["n" if name == "a" else None], also=["x"])
    options = ("--domain", "web", "--source", "s")
    ingested(run, tmp_path / "s", *options, "--label", "l=old", "--label", "m=also")
    ingested(run, tmp_path / "s", *options, "--label", "l=new")
    assert kept(run) == [("a", "l", "n"), ("a", "m", "x"), ("b", "m", "x")]
    ingested(run, tmp_path / "s" / "a.jsonl", *options, "--label", "l=old")
    assert kept(run) == [("a", "l", "o"), ("a", "m", "x"), ("b", "m", "x")]
    assert ingested(run, tmp_path / "s", *options)["files_unchanged"] == 1

    assert kept(run) == [("a", "l", "o"), ("a", "m", "x"), ("b", "l", "o"), ("b", "m", "x")]


@pytest.mark.slow
def test_labels_of_an_unfinished_file_are_not_visible(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", UNIQUE[:1], field=["1"])
    write_jsonl(tmp_path / "b" / "x.jsonl", UNIQUE[1:2])
    ingested(run, tmp_path / "a", "--domain", "web", "--label", "early=field")
    ingested(run, tmp_path / "b", "--domain", "web")
    with write_transaction(Path("tokaudit.duckdb")) as connection:
        connection.execute("update store.files set state = 'staged' where source = 'a'")

    assert "(known: domain, source)" in run("supply", "--by", "early", code=2).err


@pytest.mark.slow
def test_records_of_labels_are_removed_with_their_file(run: Run, tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "s" / "a.jsonl", ["one"], field=["1"])
    options = ("--domain", "web", "--label", "l=field")
    ingested(run, tmp_path / "s", *options)
    noted = "select count(*), min(label) from store.labelled_with"
    write_jsonl(file, ["two"], field=["2"])
    ingested(run, tmp_path / "s", *options)
    assert kept(run) == [("a", "l", "2")]
    assert ask(Path("tokaudit.duckdb"), noted) == [(1, "l=field")]
    run("forget", "s")

    assert ask(Path("tokaudit.duckdb"), noted) == [(0, None)]


@pytest.mark.slow
def test_a_label_leaves_the_language_of_code_unchanged(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.py").write_text("x = 1\n")
    ingested(run, tmp_path / "s", "--domain", "code")
    before = kept(run)
    ingested(run, tmp_path / "s", "--domain", "code", "--label", "l=field")

    assert kept(run) == before
    assert ("a", "language", "python") in before


@pytest.mark.slow
def test_a_field_overrides_the_ingesters_own_label(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.py").write_text("x = 1\n")
    lines = write_jsonl(tmp_path / "s" / "b.jsonl", ["one", "two"], field=["x", None])
    options = (tmp_path / "s", lines, "--domain", "code", "--source", "s")
    ingested(run, *options, "--label", "language=field")
    own = [("a", name, "false") for name in ("generated", "licence_file", "vendored")]
    assert kept(run) == sorted([*own, ("a", "language", "python"), ("b", "language", "x")])
    ingested(run, *options, "--label", "l=field")

    assert kept(run) == sorted([*own, ("a", "language", "python"), ("b", "l", "x"), ("b", "language", "x")])


@pytest.mark.slow
def test_labels_from_before_they_were_recorded_are_read_again(run: Run, tmp_path: Path) -> None:
    catalog = Path("tokaudit.duckdb")
    for name in ("plain", "labelled"):
        write_jsonl(tmp_path / name / "a.jsonl", [name], field=[name])
        label = ["--label", "l=field"] if name == "labelled" else []
        ingested(run, tmp_path / name, "--domain", "web", *label)
    with write_transaction(catalog) as connection:
        connection.execute("drop table store.labelled_with")
        connection.execute((shipped("catalog") / "schema" / "0009_labelled_with.sql").read_text(encoding="utf-8"))
        connection.execute("delete from store.labels_here")

    assert ingested(run, tmp_path / "plain", "--domain", "web")["files_unchanged"] == 1
    assert ingested(run, tmp_path / "labelled", "--domain", "web")["files_unchanged"] == 0
    assert kept(run) == [("a", "l", "labelled")]


@pytest.mark.slow
def test_an_unknown_origin_in_a_later_label_is_refused(run: Run, tmp_path: Path) -> None:
    for name, origin in {"a": "natural", "b": "natural", "c": "made up", "d": "synthetic"}.items():
        write_jsonl(tmp_path / "s" / f"{name}.jsonl", [f"text {name}"], how=[origin])
    ingested(run, tmp_path / "s", "--domain", "web")
    refused = run("ingest", tmp_path / "s", "--domain", "web", "--label", "origin=how", code=3)

    assert f"{tmp_path / 's' / 'c.jsonl'}: 'made up' is not a value of the label 'origin'" in refused.err
    assert kept(run) == [("a", "origin", "natural"), ("b", "origin", "natural")]
    run("ingest", tmp_path / "s", "--domain", "web", code=3)
    write_jsonl(tmp_path / "s" / "c.jsonl", ["text c"], how=["rephrased"])
    ingested(run, tmp_path / "s", "--domain", "web")
    assert [value for _, _, value in kept(run)] == ["natural", "natural", "rephrased", "synthetic"]
