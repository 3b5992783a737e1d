"""The catalog for Python: every frame is the command's JSON, and every error is one to catch."""

import logging
import os
import pickle
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made.frames import records
from made.samples import Counted, Run, text, write_jsonl

from tokaudit.api.catalog import Catalog, open_catalog
from tokaudit.cli.progress import ProgressReport
from tokaudit.core.errors import CatalogError, InputError, TokauditError, UsageError
from tokaudit.pipeline import ingest as pipeline_ingest
from tokaudit.pipeline import options as pipeline_options


@pytest.fixture(scope="module")
def small(counted: Counted) -> Catalog:
    return open_catalog(counted.catalog)


ANSWERS: list[tuple[str, dict[str, Any], str]] = [
    ("supply", {}, "supply"),
    ("supply", {"by": "source", "tokenizer": "words"}, "supply --by source --tokenizer words"),
    ("supply", {"by": ["domain", "licence"]}, "supply --by domain,licence"),
    ("supply", {"where": "licence='a'"}, "supply --where licence='a'"),
    ("supply", {"where": "licence='nothing'"}, "supply --where licence='nothing'"),
    ("overlap", {}, "overlap"),
    ("overlap", {"by": "source"}, "overlap --by source"),
    ("duplicates", {}, "duplicates"),
    ("duplicates", {"limit": 1}, "duplicates --limit 1"),
    ("duplicates", {"limit": 0, "tokenizer": "words"}, "duplicates --limit 0"),
    ("duplicates", {"limit": None}, "duplicates --limit 1000000"),
    ("errors", {}, "errors"),
    ("status", {}, "status"),
]


@pytest.mark.parametrize(("method", "arguments", "command"), ANSWERS, ids=[each[2] for each in ANSWERS])
def test_a_frame_is_the_json_of_the_command(
    small: Catalog, run: Run, method: str, arguments: dict[str, Any], command: str
) -> None:
    frame = getattr(small, method)(**arguments)
    document = run("--catalog", small.path, "--json", "-q", *command.split()).json

    assert records(frame) == document.pop("rows")
    assert frame.attrs == document
    assert set(map(str, frame.dtypes)) <= {"Int64", "Float64", "boolean", "string"}


@pytest.mark.parametrize(
    ("query", "parameters", "options"),
    [
        ("sources", {}, {}),
        ("supply", {"by": "source", "tokenizer": "words"}, {}),
        ("select domain, sum(bytes) as b, count(*) from documents group by domain order by 1", {}, {}),
        ("select path from documents order by 1", {}, {"max_rows": 2}),
        ("select path from documents order by 1", {}, {"max_rows": 2_000, "timeout": 60}),
        ("select $a || 1 as a, $b as b", {"a": "1", "b": "x"}, {}),
        ("from documents where false", {}, {}),
    ],
)
def test_a_query_is_the_json_of_the_command(
    small: Catalog, run: Run, query: str, parameters: dict[str, str], options: dict[str, int]
) -> None:
    frame = small.query(query, **options, **parameters)  # type: ignore[arg-type]
    given = [each for name, value in parameters.items() for each in ("-p", f"{name}={value}")]
    named = [each for name, value in options.items() for each in (f"--{name.replace('_', '-')}", value)]
    document = run("--catalog", small.path, "--json", "-q", "query", *given, *named, "--", query).json

    assert records(frame) == document.pop("rows")
    assert frame.attrs == document


def test_parameters_are_values_of_python(small: Catalog) -> None:
    asked = "select $i as i, $f as f, $s as s, $b as b, $n as n, $d as d, $np as np"
    frame = small.query(asked, i=2**40, f=0.5, s="x'; --", b=True, n=None, d=date(2020, 1, 2), np=np.int64(7))

    assert list(map(str, frame.dtypes)) == ["Int64", "Float64", "string", "boolean", "object", "datetime64[s]", "Int64"]
    assert frame.iloc[0].tolist() == [2**40, 0.5, "x'; --", True, None, pd.Timestamp("2020-01-02"), 7]


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda each: each.supply(by="nothing"), "nothing"),
        (lambda each: each.supply(tokenizer="nobody"), "nobody"),
        (lambda each: each.supply(where="licence ="), "licence ="),
        (lambda each: each.supply(by=5), "by: 5 is neither a text nor a list of texts"),
        (lambda each: each.overlap(by="licence"), r"by: unknown value 'licence' \(known: domain, source\)"),
        (lambda each: each.duplicates(limit=-1), "limit: -1 is not a whole number from 0 to"),
        (lambda each: each.duplicates(limit=1.5), "limit: 1.5 is not a whole number"),
        (lambda each: each.query("nothing"), "unknown name 'nothing'"),
        (lambda each: each.query("drop view sources"), "exactly one SELECT"),
        (lambda each: each.query("select $a", b=1), "-p a=VALUE"),
        (lambda each: each.query("sources", timeout=0), "timeout: 0 is not a positive number of seconds"),
        (lambda each: each.query("sources", max_rows=True), "max_rows: True is not a whole number"),
        (lambda each: each.query("sources", memory="2"), "memory: '2' has no unit"),
        (lambda each: each.query("sources", memory=0), "memory: 0 is not a whole number"),
        (lambda each: each.query("select $a", a=object()), "query: a: <object .* is not a value of SQL"),
        (lambda each: each.query(5), "query: 5 is not a text"),
        (lambda each: each.forget("nothing"), "no source 'nothing'"),
    ],
)
def test_wrong_usage_is_an_error_to_catch(small: Catalog, call: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        call(small)


def test_a_query_that_takes_too_long_is_stopped(small: Catalog) -> None:
    with pytest.raises(InputError, match=r"stopped after 0\.05 s"):
        small.query("select count(*) from range(10000000) a, range(100000) b where a.range % 7 = b.range", timeout=0.05)


def test_frames_can_be_compared_joined_and_stored(small: Catalog, tmp_path: Path) -> None:
    one, other = small.supply(), small.supply()
    joined = pd.concat([one, other])
    one.to_parquet(tmp_path / "x.parquet")

    assert joined.attrs == one.attrs == other.attrs
    assert pd.read_parquet(tmp_path / "x.parquet").attrs == one.attrs
    assert joined["tokens_seen"].sum() == 2 * one["tokens_seen"].sum()
    assert str(joined["tokens_seen"].dtype) == "Int64"


def test_warnings_are_in_attrs_and_logged(small: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    frame = small.supply()

    assert caplog.record_tuples == [("tokaudit", logging.WARNING, note) for note in frame.attrs["warnings"]]
    assert "bad record" in frame.attrs["warnings"][0]


def test_opening_touches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOKAUDIT_CATALOG", raising=False)
    assert open_catalog().path == tmp_path / "tokaudit.duckdb"
    monkeypatch.setenv("TOKAUDIT_CATALOG", "other.duckdb")
    catalog = open_catalog()
    monkeypatch.chdir("/")

    assert catalog.path == tmp_path / "other.duckdb"
    assert repr(catalog) == f"Catalog({str(tmp_path / 'other.duckdb')!r})"
    assert open_catalog(str(tmp_path / "x")).path == open_catalog(tmp_path / "x").path == tmp_path / "x"
    assert pickle.loads(pickle.dumps(catalog)).path == catalog.path  # noqa: S301 - made here
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CatalogError, match="no catalog found"):
        catalog.supply()
    with pytest.raises(UsageError, match="path: 5 is neither a path nor a catalog"):
        open_catalog(5)  # type: ignore[arg-type]


def test_importing_the_catalog_loads_no_heavy_package() -> None:
    heavy = ["duckdb", "pandas", "numpy", "pyarrow", "datasets", "orjson", "click"]
    script = (
        "import sys; from tokaudit.api.catalog import open_catalog; open_catalog('x')\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )

    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "[]\n"


def test_notebooks_show_the_supply_with_every_text_escaped(small: Catalog, catalog: Catalog) -> None:
    assert "nothing is counted yet" in catalog._repr_html_()
    shown = small._repr_html_()
    assert all(f'<td style="text-align: left">{name}</td>' in shown for name in ("books", "code", "web", "total"))
    assert "bad record" in shown

    catalog.ingest(iter(["a"]), domain="<b>&", source="x")
    assert "&lt;b&gt;&amp;" in catalog._repr_html_()
    assert "<b>" not in catalog._repr_html_()


def test_a_file_that_is_no_catalog_is_shown_as_such(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_text("no catalog at all, but long enough to be looked at as one " * 100)

    assert "not a valid DuckDB database" in open_catalog(tmp_path / "x.duckdb")._repr_html_()


ARGUMENTS: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"source": "s", "clean": "none", "language": True}, "--source s --clean none --language"),
    ({"text_field": ["nothing", "b"], "workers": 1}, "--workers 1 --text-field nothing --text-field b"),
    ({"include": "*.jsonl", "exclude": ["z*", "y*"]}, "--include *.jsonl --exclude z* --exclude y*"),
    ({"label": {"l": "n"}, "memory": 2**28, "repeat_length": 5}, "--label l=n --memory 256MiB --repeat-length 5"),
    ({"limit": {"record": 10**6, "members": 5}}, "--limit record=1000000B --limit members=5"),
    ({"limit": ["ratio=50"], "tokenizer": ["a", "bc"]}, "--limit ratio=50 --tokenizer a --tokenizer bc"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "options"), ARGUMENTS, ids=[each[1] or "defaults" for each in ARGUMENTS])
def test_an_ingest_of_files_is_that_of_the_command(
    catalog: Catalog, run: Run, tmp_path: Path, arguments: dict[str, Any], options: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_jsonl(tmp_path / "given" / "x.jsonl", [text(1), text(2)], b=["c", "d"], n=[1, None])
    (tmp_path / "given" / "z.txt").write_text(text(3))
    seen: list[tuple[Any, ...]] = []

    def heard(function: Any, *given: Any) -> Any:
        seen.append(given)
        return function(*given)

    for module, name in ((pipeline_options, "ingest_request"), (pipeline_ingest, "ingest")):
        monkeypatch.setattr(module, name, partial(heard, getattr(module, name)))
    result = catalog.ingest(tmp_path / "given", domain="web", on_bad_record="skip", **arguments)
    other = run(
        *("--catalog", tmp_path / "other.duckdb", "--json", "ingest", tmp_path / "given", "--domain", "web"),
        *("--on-bad-record", "skip", *options.split()),
        code=0 if result.complete else 1,
    ).json

    mine, theirs = (given[0] for given in seen if isinstance(given[0], pipeline_options.IngestOptions))
    assert mine == theirs
    assert {**result.to_dict(), "seconds": 0} == {**other, "seconds": 0}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"domain": 5}, "domain: 5 is not a text"),
        ({"domain": " "}, "^domain ' ': is not a name"),
        ({"source": ""}, "^source '': is not a name"),
        ({"reader": "nothing"}, "nothing"),
        ({"clean": "all"}, r"clean: unknown value 'all' \(known: default, none\)"),
        ({"on_bad_record": "ignore"}, r"on_bad_record: unknown value 'ignore' \(known: stop, skip\)"),
        ({"workers": 0}, "workers: 0 is not a whole number from 1 to 10,000"),
        ({"workers": True}, "workers: True is not"),
        ({"memory": "8"}, "memory: '8' has no unit"),
        ({"memory": 0.5}, "memory: 0.5 is not a whole number of at least 1"),
        ({"limit": {"nothing": 1}}, "unknown limit 'nothing'"),
        ({"limit": {"record": "many"}}, "record: 'many' is not a number"),
        ({"repeat_length": 0}, "repeat_length: 0 is not"),
        ({"text_field": 5}, "text_field: 5 is neither"),
        ({"text_field": [5]}, "text_field: 5 is not a text"),
        ({"include": b"x"}, "include: b'x' is neither"),
        ({"label": "n=n"}, "label: 'n=n' is not a mapping"),
        ({"label": {"a=b": "c"}}, "label: 'a=b' is not the name"),
        ({"label": {"a": " "}}, "label: 'a' is not the name"),
    ],
)
def test_wrong_arguments_of_an_ingest_are_errors(catalog: Catalog, arguments: dict[str, Any], why: str) -> None:
    Path("x.txt").write_text("a text")
    with pytest.raises(UsageError, match=why):
        catalog.ingest("x.txt", **{"domain": "web", **arguments})
    assert not catalog.path.exists()


def test_input_that_is_missing_or_refused_is_an_error(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        catalog.ingest("nowhere.jsonl", domain="web")
    Path("x.jsonl").write_text('{"text": 1}\n')
    with pytest.raises(TokauditError, match=r"x\.jsonl:1: the field 'text' is a number"):
        catalog.ingest(Path("x.jsonl"), domain="web")


def test_an_incomplete_ingest_says_so_and_is_logged(catalog: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    Path("x.jsonl").write_text('{"text": 1}\n{"body": "b"}\n{"text": "a"}\n')
    caplog.set_level(logging.INFO, "tokaudit")
    result = catalog.ingest(["x.jsonl"], domain="web", on_bad_record="skip")

    assert (result.complete, result.bad_records, result.documents) == (False, 2, 1)
    logged = {record.levelno: record.getMessage() for record in caplog.records}
    assert "2 bad records could not be counted" in logged[logging.WARNING]
    assert "looking for files" in [record.getMessage() for record in caplog.records]
    assert "bad records could not be counted" in result._repr_html_()
    assert catalog.ingest(["x.jsonl"], domain="web", on_bad_record="skip").files_unchanged == 1
    assert "nothing to do" in [record.getMessage() for record in caplog.records if record.levelno == logging.INFO][-1]


def test_a_listener_of_the_caller_hears_the_progress(catalog: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "tokaudit")
    notes: list[str] = []

    class Heard(ProgressReport):
        def note(self, text: str) -> None:
            notes.append(text)

    with Heard(quiet=True) as progress:
        catalog.ingest(iter(["a"]), domain="web", source="x", progress=progress)
    assert "reading the data" in notes
    assert caplog.records == []


def test_catalogs_counted_apart_become_one(catalog: Catalog, tmp_path: Path) -> None:
    other = open_catalog(tmp_path / "other.duckdb")
    catalog.ingest(iter(["a", "b"]), domain="web", source="x")
    other.ingest(iter(["b", "c"]), domain="web", source="y")
    done = catalog.merge(other)

    assert done["rows"] == [{"catalog": str(other.path), "files": 1, "files_known": 0, "documents": 2}]
    assert catalog.supply().attrs["total"]["documents_unique"] == 3
    with pytest.raises(UsageError, match="name at least one catalog"):
        catalog.merge()


def test_forgetting_a_source_leaves_no_trace(catalog: Catalog) -> None:
    catalog.ingest(iter(["a", "b"]), domain="web", source="x")
    catalog.ingest(iter(["c"]), domain="web", source="y")

    assert catalog.forget("x") == {"source": "x", "files": 1, "documents": 2}
    assert catalog.status()["source"].tolist() == ["y"]
    assert os.environ.get("TOKAUDIT_CATALOG") is None
