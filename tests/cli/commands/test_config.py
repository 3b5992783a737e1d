"""``tokaudit config show``."""

from pathlib import Path

import pytest
from made.samples import Run

from tokaudit.planning.audit_file.schema import SETTINGS

FILE = """\
law = "porian2024"
exclude = ["*.a", "*.b"]

[sources.crawl]
paths = "crawl/"
domain = "web"
label = { quality = "score" }

[plans.big]
flops = 1e24
stage = { stage = "main", share = 1.0, mixture = { "a, b" = 1 } }
"""


def test_each_setting_has_its_value_and_where_it_comes_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("tokaudit.toml").write_text(FILE)
    monkeypatch.setenv("TOKAUDIT_WORKERS", "3")
    found = run("--json", "config", "show", "--origin", "--catalog", "mine.duckdb").json
    rows = {row["key"]: (row["value"], row["origin"]) for row in found["rows"]}

    assert found["file"] == "tokaudit.toml"
    assert [row["key"] for row in found["rows"]][: len(SETTINGS)] == sorted(SETTINGS, key=list(rows).index)
    assert rows["format"] == ("json", "--json")
    assert rows["catalog"] == ("mine.duckdb", "--catalog")
    assert rows["workers"] == (3, "$TOKAUDIT_WORKERS")
    assert rows["law"] == ("porian2024", "tokaudit.toml:1")
    assert rows["exclude"] == (["*.a", "*.b"], "tokaudit.toml:2")
    assert rows["memory"] == ("1GiB", "default")
    assert rows["tokenizer"] == (None, "default")
    assert {key: row for key, row in rows.items() if "." in key} == {
        "sources.crawl.paths": (["crawl/"], "tokaudit.toml:5"),
        "sources.crawl.domain": ("web", "tokaudit.toml:6"),
        "sources.crawl.label": ({"quality": "score"}, "tokaudit.toml:7"),
        "plans.big.flops": ("1e24", "tokaudit.toml:10"),
        "plans.big.stage": ([{"stage": "main", "share": "1", "mixture": {"a, b": "1"}}], "tokaudit.toml:11"),
    }


def test_people_see_defaults_in_words_and_lists_without_brackets(run: Run) -> None:
    Path("tokaudit.toml").write_text(FILE)
    shown = [" ".join(line.split()) for line in run("config", "show").out.splitlines()]

    assert shown[0] == "key value"
    assert {"workers one per core", "quiet no", "exclude *.a, *.b", "sources.crawl.label quality=score"} <= set(shown)
    assert shown[-1] == "plans.big.stage stage=main, share=1, mixture=a, b=1"


def test_without_a_file_everything_is_a_default(run: Run) -> None:
    found = run("config", "show", "--origin", "--format", "json").json

    assert found["file"] is None
    assert {row["origin"] for row in found["rows"]} == {"default", "--format"}
    assert {row["key"] for row in found["rows"]} == set(SETTINGS)


def test_only_show_is_known(run: Run) -> None:
    assert "is required; write `tokaudit config show`" in run("config", code=2).err
    assert "'edit' is not 'show'" in run("config", "edit", code=2).err
    assert "config: takes only the word show" in run("config", "show", "law", code=2).err


def test_a_wrong_value_is_refused_with_its_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_WORKERS", "none")

    assert run("config", "show", code=2).err == (
        "tokaudit: $TOKAUDIT_WORKERS: 'none' is not a whole number from 1 to 10,000 (see `tokaudit config --help`)\n"
    )


def test_a_flag_in_a_variable_is_true_or_false(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUIET", "VERBOSE"):
        with monkeypatch.context() as patch:
            patch.setenv(f"TOKAUDIT_{name}", "maybe")
            assert run("status", code=2).err.startswith(
                f"tokaudit: $TOKAUDIT_{name}: 'maybe' is not true or false (see "
            )
