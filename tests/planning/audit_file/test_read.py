"""Reading ``tokaudit.toml``: what is refused, where it says so, and paths next to the file."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import InputError, UsageError
from tokaudit.planning.audit_file.options import Settings, ingest_options, plan_options
from tokaudit.planning.audit_file.read import AuditFile, read_audit_file
from tokaudit.planning.audit_file.schema import PLAN_KEYS, SETTINGS, SOURCE_KEYS

SOURCE = '[sources.a]\npaths = "x"\ndomain = "web"\n'


def read(text: str, folder: Path) -> AuditFile:
    """What a file with this text in the folder says."""
    file = folder / "tokaudit.toml"
    file.write_text(text, encoding="utf-8")
    return read_audit_file(file)


def read_or_refused(text: str, folder: Path) -> AuditFile | str:
    """What a file with this text says, or the message that refuses it."""
    try:
        return read(text, folder)
    except (UsageError, InputError) as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# x\ntokenisers = 1", ":2: unknown key 'tokenisers'; did you mean 'tokenizers'? (known: catalog, "),
        ("[source.a]", ":1: unknown key 'source'; did you mean 'sources'? (known: "),
        (SOURCE + "textfield = 'x'", ":4: sources.a: unknown key 'textfield'; did you mean 'text_field'? (known: "),
        ("[plans.big]\nflop = 1", ":2: plans.big: unknown key 'flop'; did you mean 'flops'? (known: "),
        ("workers = '4'", ":1: workers: '4' must be a whole number from 1 to 10,000, such as 40"),
        ("quiet = 1", ":1: quiet: 1 must be true or false, such as true"),
        ("memory = '8'", ":1: memory: '8' must be a size with its unit, as text, such as \"8GiB\""),
        ("on_bad_record = 'halt'", ":1: on_bad_record: 'halt' must be one of stop, skip, such as \"stop\""),
        ("[plans.big]\nflops = true", ":2: plans.big: flops: true must be a finite number, bare or as text"),
        ("sources = 1", ":1: sources: must be tables with names; write [sources.NAME]"),
        ("[sources]\na = 1", ":2: sources: 'a' must be a table; write [sources.NAME] with keys below it"),
        ('[sources."\\n"]\npaths = "x"\ndomain = "web"', ":1: sources: '\\n' is not a name; use printable characters"),
        ("[sources.a]\npaths = 'x'", ":1: source 'a': the key domain is missing"),
        ("[sources.a]\npath = 'x'\ndomain = 'd'", ":2: sources.a: unknown key 'path'; did you mean 'paths'?"),
        ("[plans.a]\nflops = inf", ":2: plans.a: flops: inf must be a finite number"),
        ("[sources.a]\ndomain = 'web'\npaths = ['-']", ":3: source 'a': stdin ('-') can't be counted again"),
        ("[sources.a]\ndomain = 'web'\npaths = []", ":3: sources.a: paths: this list must be a path or a list of"),
    ],
    ids=str,
)
def test_a_fault_is_named_with_its_line_and_the_remedy(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text, tmp_path)

    assert str(refused.value).startswith(f"{tmp_path}/tokaudit.toml{message}")
    assert " more)" not in str(refused.value)


def test_the_first_fault_is_named_and_the_others_are_counted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"toml:1: unknown key 'nope' .* \(and 2 more\)$"):
        read("nope = 1\nworkers = 0\n[plans.a]\nnope = 1", tmp_path)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.json").touch()
    found = read(
        'catalog = "a.duckdb"\ntokenizers = ["mine.json", "qwen3"]\ntokenizer = "mine.json"\n'
        '[sources.a]\npaths = ["x/", "/y", "s3://bucket/*.gz"]\ndomain = "web"\n'
        '[plans.a]\nsupply = "s.csv"\ntokenizer = "mine.json"\n[plans.b]\nsupply = "web=1T"\n',
        tmp_path,
    )

    assert found.settings["catalog"] == f"{tmp_path}/a.duckdb"
    assert found.settings["tokenizers"] == (f"{tmp_path}/mine.json", "qwen3")
    assert found.sources["a"]["paths"] == (f"{tmp_path}/x/", "/y", "s3://bucket/*.gz")
    assert found.settings["tokenizer"] == found.plans["a"]["tokenizer"] == f"{tmp_path}/mine.json"
    assert [found.plans[name]["supply"] for name in "ab"] == [f"{tmp_path}/s.csv", "web=1T"]


def test_in_the_working_directory_paths_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tokaudit.toml").write_text(f'catalog = "a/b.duckdb"\n{SOURCE}', encoding="utf-8")
    found = read_audit_file(Path("tokaudit.toml"))

    assert (found.settings["catalog"], found.sources["a"]["paths"]) == ("a/b.duckdb", ("x",))


def test_nothing_in_a_file_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tokaudit.toml").write_text('catalog = "$HOME/~/`id`/%(x)s/{x}"\n')

    assert read_audit_file(Path("tokaudit.toml")).settings["catalog"] == "$HOME/~/`id`/%(x)s/{x}"


NAMES = st.sampled_from([*SETTINGS, *SOURCE_KEYS, *PLAN_KEYS, "sources", "plans", "nope"]) | st.text(max_size=4)
SIMPLE = (
    st.text(max_size=6)
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["8GiB", "1e24", "web=1T", "skip", "none", "x.csv", "-"])
)
VALUES = st.recursive(SIMPLE, lambda each: st.lists(each, max_size=2) | st.dictionaries(NAMES, each, max_size=2))


def section(keys: Any, **needed: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Tables with some of these keys, mostly with values of their kinds."""
    good = st.sampled_from(["web", "1e24", "8GiB", "0.5", "skip", "default", True, 3, 1e20, ["a", "b"], {"web": 0.5}])
    return st.dictionaries(st.sampled_from(list(keys)), good | VALUES, max_size=3).map(
        lambda found: {**needed, **found}
    )


FILES = st.dictionaries(NAMES, VALUES, max_size=3) | st.fixed_dictionaries(
    {
        "sources": st.dictionaries(st.text(max_size=3), section(SOURCE_KEYS, paths="x", domain="web"), max_size=2),
        "plans": st.dictionaries(st.text(max_size=3), section(PLAN_KEYS, flops=1e20), max_size=2),
    }
)


def as_toml(value: Any) -> str:
    """A value as TOML; tables are written inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {as_toml(each)}" for name, each in value.items()) + "}"
    return "[" + ", ".join(map(as_toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


@given(FILES)
def test_any_toml_is_read_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = "".join(f"{json.dumps(name)} = {as_toml(value)}\n" for name, value in values.items())
    found = read_or_refused(text, folder)
    if isinstance(found, str):
        assert re.fullmatch(rf"{folder}/tokaudit\.toml(:\d+)?: .+", found)
        return
    for source in found.sources:
        assert ingest_options(found, source, Settings()).source == source
    for plan in found.plans:
        assert plan_options(found, plan, Settings()).budget


@given(st.text(alphabet="sources.plans[]{}=\"'\n# 1", max_size=80))
def test_any_text_is_read_or_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    found = read_or_refused(text, tmp_path_factory.getbasetemp())

    assert not isinstance(found, str) or "\n" not in found
