"""``tokaudit run``."""

from pathlib import Path

import pytest
from made.samples import Run, text, write_jsonl

FILE = """\
[sources.a]
paths = "a.jsonl"
domain = "web"

[sources.b]
paths = "b.jsonl"
domain = "books"

[plans.big]
flops = 1e24
fail_on = "data"
"""


@pytest.fixture
def go(run: Run) -> Run:
    """The program in a folder with a file of settings, two sources and a plan that fails."""
    write_jsonl(Path("a.jsonl"), [text(1), text(2)])
    write_jsonl(Path("b.jsonl"), [text(3)])
    Path("tokaudit.toml").write_text(FILE)
    return run


def change(old: str, new: str) -> None:
    """Replace a part of the file of settings."""
    file = Path("tokaudit.toml")
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


@pytest.mark.slow
def test_people_see_sources_supply_and_verdicts(go: Run) -> None:
    done = go("run", code=1)
    lines = [" ".join(line.split()) for line in done.out.splitlines()]

    assert lines[1].startswith("a web 1 0 2 ")
    assert lines[2].startswith("b books 1 0 1 ")
    assert [line.partition(":")[0] for line in lines if "unique tokens of" in line] == ["books", "web"]
    assert lines[-3] == "== big =="
    assert lines[-1].startswith("Data is the constraint")
    assert lines[-1].endswith(" This fails: data is the constraint (sure).")
    assert done.err.splitlines()[-1] == "tokaudit: tokaudit.toml:11: plan 'big': data is the constraint (sure)"
    assert "tokaudit: source a: nothing to do: all files are in the catalog already" in go("run", code=1).err


@pytest.mark.slow
def test_a_plan_that_does_not_fail_leaves_with_0(go: Run) -> None:
    change('"data"', '["model", "compute:sure"]')
    answer = go("run", "--json").json

    assert (answer["failures"], answer["complete"], answer["saved"]) == ({}, True, True)
    assert answer["plans"]["big"]["constraint"] == "data"
    assert go("plans", "big", "--json").json["constraint"] == "data"


@pytest.mark.slow
def test_a_refused_source_does_not_stop_the_others_but_no_plan_is_saved(go: Run) -> None:
    Path("a.jsonl").unlink()
    done = go("run", "--json", code=3)
    answer = done.json

    assert done.err.splitlines()[-1].startswith("tokaudit: tokaudit.toml:1: source 'a': a.jsonl: ")
    assert "tokaudit: the plans were not saved, because a source was refused" in done.err.splitlines()
    assert [(each["source"], each["complete"]) for each in answer["sources"]] == [("a", False), ("b", True)]
    assert done.err.splitlines()[-1] == f"tokaudit: {answer['sources'][0]['error']}"
    assert list(answer["plans"]) == ["big"]
    assert (answer["saved"], answer["complete"]) == (False, False)
    assert go("plans", "--json").json["rows"] == []

    write_jsonl(Path("a.jsonl"), [text(1)])
    assert go("run", "--json", code=1).json["saved"] is True
    assert [row["name"] for row in go("plans", "--json").json["rows"]] == ["big"]


@pytest.mark.slow
def test_a_source_that_changed_says_how_to_count_it_anew(go: Run) -> None:
    go("run", "-q", code=1)
    change('"web"', '"pages"')
    done = go("run", "-q", code=2)

    assert done.err.splitlines(keepends=True)[-1] == (
        "tokaudit: tokaudit.toml:3: source 'a': was counted with --domain web, not pages;"
        " change it back, or run `tokaudit forget a` and then `tokaudit run`\n"
    )
    go("forget", "a")
    assert [row["domain"] for row in go("run", "--json", code=1).json["supply"]["rows"]] == ["books", "pages"]


@pytest.mark.slow
def test_a_source_that_is_renamed_is_told_its_old_name(go: Run) -> None:
    go("run", "-q", "--only", "a")
    change("[sources.a]", "[sources.pages]")
    refused = go("run", "-q", "--only", "pages", code=2).err

    assert refused.startswith("tokaudit: tokaudit.toml:1: source 'pages': ")
    assert refused.endswith(
        "already belongs to source 'a', and a file belongs to one source;"
        " rename it to a, or run `tokaudit forget a` and then `tokaudit run`\n"
    )


@pytest.mark.slow
def test_a_source_that_is_gone_from_the_file_is_kept_and_named(go: Run) -> None:
    go("run", "-q", code=1)
    change("[sources.b]", "[sources.c]")
    Path("b.jsonl").rename("c.jsonl")
    change("b.jsonl", "c.jsonl")
    warning = (
        "source 'b' is in the catalog, but not in tokaudit.toml; if it is no longer wanted, run `tokaudit forget b`"
    )
    answer = go("run", "--json", code=1).json

    assert answer["warnings"] == [warning]
    assert {row["source"] for row in go("status", "--json").json["rows"]} == {"a", "b", "c"}


@pytest.mark.slow
def test_only_some_sources_and_plans_are_gone_through(go: Run) -> None:
    answer = go("run", "--only", "a", "--json").json
    assert [each["source"] for each in answer["sources"]] == ["a"]
    assert answer["plans"] == {}
    answer = go("run", "--only", "big", "--json", code=1).json
    assert (answer["sources"], list(answer["plans"])) == ([], ["big"])
    assert "--only: unknown source or plan 'bog'; did you mean 'big'?" in go("run", "--only", "bog", code=2).err


def test_a_dry_run_lists_files_and_makes_no_catalog(go: Run) -> None:
    Path("b.jsonl").unlink()
    done = go("run", "--dry-run", "--json", code=3)

    assert [(row["source"], Path(row["path"]).name) for row in done.json["rows"]] == [("a", "a.jsonl")]
    assert "tokaudit.toml:5: source 'b': b.jsonl: " in done.err
    assert not Path("tokaudit.duckdb").exists()


@pytest.mark.parametrize(
    ("old", "new"), [("1e24", "'1e24x'"), ('"data"', '"date"'), ("flops", "flop"), ('domain = "books"', "")]
)
def test_a_fault_in_any_table_is_found_before_anything_is_counted(go: Run, old: str, new: str) -> None:
    change(old, new)
    done = go("run", code=2)

    assert done.err.startswith("tokaudit: tokaudit.toml:")
    assert len(done.err.splitlines()) == 1
    assert not Path("tokaudit.duckdb").exists()


def test_without_a_file_or_tables_there_is_nothing_to_run(run: Run) -> None:
    assert "tokaudit.toml: there is no such file here; write one (see `tokaudit guide" in run("run", code=2).err
    Path("tokaudit.toml").write_text("workers = 2\n")
    assert "tokaudit.toml: has no table [sources.NAME] or [plans.NAME]" in run("run", code=2).err


@pytest.mark.slow
def test_options_and_variables_win_over_the_file(go: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("tokaudit.toml").write_text(f'tokenizers = ["unheard"]\nlaw = "unheard"\nworkers = 3\n{FILE}')
    monkeypatch.setenv("TOKAUDIT_TOKENIZERS", "cl100k_base")
    monkeypatch.setenv("TOKAUDIT_LAW", "porian2024")
    answer = go("run", "--json", "--workers", "1", "--catalog", "other.duckdb", code=1).json

    assert list(answer["sources"][0]["tokens"]) == ["cl100k_base"]
    assert answer["plans"]["big"]["law"] == "porian2024"
    assert Path("other.duckdb").is_file()


@pytest.mark.slow
def test_a_damaged_catalog_ends_it_at_once(go: Run) -> None:
    Path("tokaudit.duckdb").write_bytes(b"x" * 9000)
    done = go("run", code=4)

    assert len(done.err.splitlines()) == 1


ODD = """
[plans.odd]
flops = 1e22
supply = { "a, b = c" = "2T", "größe" = 4e11 }
max_epochs = { "a, b = c" = 3 }
[plans.odd.mixture]
"a, b = c" = 0.5
"größe" = 0.5
"""


@pytest.mark.slow
def test_domains_of_a_table_may_have_any_name(run: Run) -> None:
    Path("tokaudit.toml").write_text(ODD)
    made = run("run", "--json").json["plans"]["odd"]
    plain = ("--supply", "a=2T,b=4e11", "--mixture", "a=0.5,b=0.5", "--max-epochs", "a=3")
    wanted = run("plan", "--flops", "1e22", *plain, "--json").json

    assert [row["domain"] for row in made["domains"]] == ["a, b = c", "größe"]
    assert made["compute_equivalent_share"] == wanted["compute_equivalent_share"]
    (saved,) = run("plans", "--json").json["rows"]
    assert saved["command"] == "tokaudit run --only odd"
    assert run("diff", "odd", "odd", "--json").json
