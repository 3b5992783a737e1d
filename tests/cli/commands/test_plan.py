"""``tokaudit plan``: the options, the formats, the files."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from made.invoked import invoked
from made.samples import Counted, Run

from tokaudit.core.errors import UsageError
from tokaudit.laws.find import asked_laws

pytestmark = pytest.mark.usefixtures("made_reference")


def plan(folder: Path, *arguments: str) -> Result:
    return invoked("plan", *arguments, catalog=folder / "none.duckdb")


def quietly(folder: Path, *arguments: str) -> Result:
    return invoked("plan", *arguments, catalog=folder / "none.duckdb", quiet=True)


def planned(folder: Path, *arguments: str) -> dict[str, Any]:
    done = plan(folder, *arguments, "--format", "json")
    assert done.exception is None
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_verdict_comes_first(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "TOKAUDIT_CATALOG"}
    done = subprocess.run(
        [sys.executable, "-m", "tokaudit", "plan", "--flops", "1e24", "--supply", "web=2T,code=400B"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("Compute is the constraint, not data")
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_help_says_that_the_laws_are_for_dense_models(tmp_path: Path) -> None:
    shown = " ".join(plan(tmp_path, "--help").stdout.split())

    assert "fitted on dense models. They do not apply to mixtures of experts." in shown


def test_json_is_one_document(tmp_path: Path) -> None:
    found = planned(tmp_path, "--params", "70B", "--tokens", "1.4T", "--mixture", "web=.6,code=.4")
    assert found["law"] == "besiroglu2024"
    assert found["budget"] == {"flops": 5.88e23, "params": 7e10, "tokens": 1.4e12, "params_total": None}
    needed = {entry["domain"]: entry["tokens_needed"] for entry in found["domains"] if entry["share"]}
    assert needed == pytest.approx({"code": 5.6e11, "web": 8.4e11})


def test_without_a_supply_open_published_corpora_are_used(tmp_path: Path) -> None:
    found = planned(tmp_path, "--flops", "1e24")
    named = planned(tmp_path, "--flops", "1e24", "--supply", "published")
    assert found["domains"] == named["domains"]
    assert any(warning.startswith("no --supply is given and ") for warning in found["warnings"])
    for entry in found["domains"]:
        assert entry["tokens_unique_low"] <= entry["tokens_unique"] <= entry["tokens_unique_high"]
        assert any(detail.startswith(f"{entry['domain']}: ") for detail in found["details"])


def test_verbose_shows_the_sources_of_a_published_supply(run: Run) -> None:
    short, long = (run("plan", "--flops", "1e24", "--supply", "published:Pages", *more).out for more in ((), ("-v",)))
    assert "-v shows the numbers behind" in short
    assert "web: Pages/en" not in short
    assert "web: Pages/en" in long
    assert "web: Pages/en" in run("plan", "--flops", "1e24", "--supply", "published:Pages", "--format", "markdown").out


def test_named_published_corpora_are_a_supply(tmp_path: Path) -> None:
    found = planned(tmp_path, "--flops", "1e24", "--supply", "published:Jam v1,slimjam")
    alone = planned(tmp_path, "--flops", "1e24", "--supply", "published:Jam v1")
    assert found["domains"] == alone["domains"]
    assert found["supply_origin"] == "published corpora: Jam v1,slimjam (as of November 2026)"
    assert any("adds nothing, because Jam v1" in warning for warning in found["warnings"])


def test_published_tokens_are_converted_twice(tmp_path: Path) -> None:
    named = ("--flops", "1e24", "--supply", "published:Stack 2/train,Shadow Books")
    assert planned(tmp_path, *named)["supply_tokenizer"] == "SentencePiece 32k"
    found = planned(tmp_path, *named, "--tokenizer", "gpt2")
    assert found["supply_tokenizer"] == "gpt2"
    books = next(entry for entry in found["domains"] if entry["domain"] == "books")
    assert books["tokens_unique"] == pytest.approx(27e9 * books["tokens_factor"])


def test_measured_and_published_supply_combine(counted: Counted) -> None:
    named = ("--flops", "1e24", "--supply", "measured+published:Shadow Books", "--format", "json")
    done = invoked("plan", *named, catalog=counted.catalog)
    found = json.loads(done.stdout)
    domains = {entry["domain"]: entry for entry in found["domains"]}
    assert {"books", "web", "code"} <= domains.keys()
    assert domains["books"]["tokens_unique"] > 1e10
    assert domains["books"]["tokens_unique_high"] > domains["books"]["tokens_unique"]
    books = "published corpora: Shadow Books (as of November 2026)"
    assert found["supply_origin"] == f"measured in {counted.catalog}, and {books}"


def test_json_says_how_many_laws_agree(tmp_path: Path) -> None:
    found = planned(tmp_path, "--params", "70B", "--tokens", "1.4T")
    said = {opinion["law"]: opinion["constraint"] for opinion in found["sensitivity"]}
    assert said.keys() == asked_laws().keys()
    assert (said["besiroglu2024"], said["kaplan2020"]) == ("compute", "model")
    votes = [opinion["constraint"] for opinion in found["sensitivity"] if opinion["votes"]]
    same = votes.count("compute")
    assert found["agreement"] == {"laws": len(votes), "same_verdict": same, "draws_same_verdict": 1.0}
    assert set(found["sensitivity"][0]) == {
        *("law", "params", "tokens", "constraint", "compute_equivalent_share", "votes"),
    }


def test_hardware_is_a_budget_that_names_its_peak(tmp_path: Path) -> None:
    found = planned(tmp_path, "--gpu", "h100 sxm", "--gpus", "1024", "--days", "30")
    assert found["budget"]["flops"] == pytest.approx(989e12 * 0.4 * 1024 * 30 * 86_400)
    assert "H100 SXM: 989" in found["warnings"][0]
    same = planned(tmp_path, "--gpu", "h100 sxm", "--gpus", "1,024", "--days", "30d", "--mfu", "40%")
    assert same["budget"] == found["budget"]
    recalled = planned(tmp_path, "--gpu", "gamma v5", "--gpus", "1", "--days", "30", "--mfu", "0.5")
    assert "not checked against a source" in recalled["warnings"][0]


def test_inference_tokens_give_the_cheapest_run_over_a_lifetime(tmp_path: Path) -> None:
    found = planned(tmp_path, "--params", "30B", "--tokens", "600B", "--inference-tokens", "10T")["inference"]
    assert set(found) == {"tokens_served", "params", "tokens", "flops_total", "flops_saved_share"}
    assert found["flops_total"] == pytest.approx(6 * found["params"] * found["tokens"] + 2 * found["params"] * 1e13)
    assert planned(tmp_path, "--flops", "1e24")["inference"] is None
    said = plan(tmp_path, "--flops", "1e24", "--inference-tokens", "10T").stdout
    assert "Serving 10.0T tokens: " in said
    assert "saves 24 % of training and serving" in said


def test_a_price_gives_the_cost_of_hardware_and_of_missing_data(tmp_path: Path) -> None:
    hardware = ("--gpu", "h100 sxm", "--gpus", "1024", "--days", "30", "--price-gpu-hour", "2.5")
    found = planned(tmp_path, *hardware, "--supply", "web=500B,code=50B")
    assert found["cost"]["run"] == pytest.approx(1024 * 30 * 24 * 2.5)
    assert found["cost"]["want_of_data"] == pytest.approx(found["cost"]["run"] * (1 - found["share_data"]))
    assert found["hardware"]["gpu_hours"] == pytest.approx(1024 * 30 * 24)
    assert [row["domain"] for row in found["worth"]] == ["code", "web"]
    for row, domain in zip(found["worth"], found["domains"], strict=True):
        assert row["added_tokens"] == pytest.approx(domain["tokens_needed"] - domain["tokens_unique"])
        assert row["money"] == pytest.approx(row["share_gain"] * found["cost"]["run"])
    assert any("which domain to buy" in warning for warning in found["warnings"])


def test_added_tokens_are_valued_as_if_the_supply_had_them(tmp_path: Path) -> None:
    budget = ("--flops", "1e25", "--mixture", "web=0.8,code=0.2", "--price-gpu-hour", "2")
    found = planned(tmp_path, *budget, "--supply", "web=2T,code=400B", "--add", "code=100B")
    with_it = planned(tmp_path, *budget, "--supply", "web=2T,code=500B")
    (row,) = found["worth"]
    saved = found["cost"]["want_of_data"] - with_it["cost"]["want_of_data"]
    assert (row["domain"], row["added_tokens"]) == ("code", 1e11)
    assert row["money"] == pytest.approx(saved)
    assert row["break_even_per_million_tokens"] == pytest.approx(saved / 1e5)
    said = plan(tmp_path, *budget, "--supply", "web=2T,code=400B", "--add", "code=100B", "-v").stdout
    assert "More code: 100B more tokens recover " in said
    assert "more of code" in said
    assert "one epoch of" not in said


def test_added_tokens_are_converted_like_the_supply(tmp_path: Path) -> None:
    supply = ("--flops", "1e25", "--supply", "web=2T,code=400B", "--tokenizer", "cl100k_base")
    found = planned(tmp_path, *supply, "--add", "code=100B,web=1T")
    factors = {entry["domain"]: entry["tokens_factor"] for entry in found["domains"]}
    assert factors["code"] > 1.01
    assert [row["added_tokens"] for row in found["worth"]] == pytest.approx(
        [1e11 * factors["code"], 1e12 * factors["web"]]
    )


def test_with_a_price_hardware_is_what_the_budget_pays_for(tmp_path: Path) -> None:
    found = planned(tmp_path, "--flops", "1e24", "--gpu", "alpha", "--gpus", "512", "--price-gpu-hour", "1")
    assert found["budget"]["flops"] == 1e24
    assert found["cost"]["run"] == pytest.approx(1e24 / (312e12 * 0.4) / 3600)
    assert found["hardware"]["days"] == pytest.approx(found["hardware"]["gpu_hours"] / 512 / 24)
    assert found["worth"] == []  # nothing is missing


def test_a_price_without_hardware_is_for_the_default_one(tmp_path: Path) -> None:
    found = planned(tmp_path, "--params", "7B", "--tokens", "140B", "--price-gpu-hour", "2", "--mfu", "0.5")
    assert found["warnings"][0].startswith("no --gpu is given, so GPU-hours are those of H100 SXM: 989")
    assert found["cost"]["run"] == pytest.approx(2 * 6 * 7e9 * 140e9 / (989e12 * 0.5) / 3600)


def test_without_a_price_there_is_no_cost(tmp_path: Path) -> None:
    found = planned(tmp_path, "--flops", "1e24", "--supply", "web=500B")
    assert (found["cost"], found["hardware"]) == (None, None)
    assert [row["money"] for row in found["worth"]] == [None]
    assert set(found["gain_per_percent"]) == {"params", "tokens", "compute", "unique_tokens"}


def test_the_report_shows_the_value_of_time_and_tokens(tmp_path: Path) -> None:
    said = plan(tmp_path, *"--flops 1e24 --supply web=500B --price-gpu-hour 2 --gpus 1024 -v".split()).stdout
    for part in ("702K GPU-hours of H100 SXM at an MFU of 0.4: 1,024 GPUs for 28.6 days", "1.40M, of which "):
        assert part in said
    assert " more tokens recover " in said
    assert " per million tokens" in said


def test_a_csv_file_is_a_supply(tmp_path: Path) -> None:
    (tmp_path / "supply.csv").write_text("domain,tokens_unique\nweb,2T\ncode,1T\n")
    file = str(tmp_path / "supply.csv")
    found = planned(tmp_path, "--flops", "1e24", "--supply", file, "--law", "muennighoff2023")
    assert [entry["domain"] for entry in found["domains"]] == ["code", "web"]
    assert found["supply_origin"] == f"the file {file}"


def test_a_given_supply_is_converted_from_its_tokenizer(tmp_path: Path) -> None:
    stated = ("--flops", "1e25", "--supply", "web=2T,books=30B,code=400B", "--law", "hoffmann2022-approach3")
    assert planned(tmp_path, *stated)["constraint"] == "data"
    found = planned(tmp_path, *stated, "--tokenizer", "cl100k_base")
    assert found["constraint"] == "compute"
    assert [entry["tokens_factor"] for entry in found["domains"]] == [
        pytest.approx(4.8 / 4.6 * 4.0 / 3.5),
        pytest.approx(1.4),
        pytest.approx(1.2),
    ]
    (said,) = (warning for warning in found["warnings"] if "the supply counts those of cl100k_base" in warning)
    assert "code times 1.4 (1.3 to 1.4)" in said


def test_repeats_are_compared_with_those_measured_in_papers(tmp_path: Path) -> None:
    found = planned(tmp_path, "--flops", "1e24", "--supply", "web=500B")
    epochs = found["domains"][0]["epochs"]
    assert len(found["repeats_measured"]) == 3
    assert all(abs(row["epochs"] - epochs) < 1 for row in found["repeats_measured"])
    assert planned(tmp_path, "--flops", "1e24", "--supply", "web=50T")["repeats_measured"] == []
    assert "measured: 4 epochs " in plan(tmp_path, "--flops", "1e24", "--supply", "web=500B", "-v").stdout


def test_epoch_limits_reach_the_suggested_mixture(tmp_path: Path) -> None:
    options = ("--flops", "1e24", "--supply", "web=2T,code=1B", "--mixture", "web=.5,code=.5")
    few = planned(tmp_path, *options, "--max-epochs", "4,code=1")["mixture_suggested"]
    many = planned(tmp_path, *options, "--max-epochs", "4,code=8")["mixture_suggested"]
    assert many["code"] == pytest.approx(8 * few["code"], rel=0.01)


def test_csv_has_the_domains_and_stderr_the_warnings(tmp_path: Path) -> None:
    options = ("--flops", "1e24", "--supply", "web=2T,code=1T", "--format", "csv")
    done = plan(tmp_path, *options)
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [row["domain"] for row in rows] == ["code", "web"]
    assert "taken as the law's tokens" in done.stderr
    quiet = quietly(tmp_path, *options)
    assert (quiet.stdout, quiet.stderr) == (done.stdout, "")


def test_a_markdown_file_is_overwritten_only_with_force(tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    options = ("--flops", "1e24", "--supply", "web=2T", "--markdown", str(file))
    assert plan(tmp_path, *options).exception is None
    first = file.read_text(encoding="utf-8")
    assert first.startswith("# Is data the constraint?")
    file.write_text("mine", encoding="utf-8")
    again = plan(tmp_path, *options)
    assert isinstance(again.exception, UsageError)
    assert "--force" in str(again.exception)
    assert again.stdout == ""
    assert file.read_text(encoding="utf-8") == "mine"
    assert plan(tmp_path, *options, "--force").exception is None
    assert file.read_text(encoding="utf-8") == first


def test_one_file_for_two_formats_is_refused(tmp_path: Path) -> None:
    done = plan(tmp_path, "--flops", "1e24", "--html", str(tmp_path / "x"), "--markdown", str(tmp_path / "x"))
    assert "is also the file of --html" in str(done.exception)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pipes differ there")
def test_a_file_is_written_though_the_reader_of_stdout_left(tmp_path: Path) -> None:
    asked = ["plan", "--flops", "1e24", "--supply", "web=2T", "--markdown", "plan.md"]
    with subprocess.Popen([sys.executable, "-m", "tokaudit", *asked], stdout=subprocess.PIPE, cwd=tmp_path) as piped:
        assert piped.stdout is not None
        piped.stdout.close()
    assert (tmp_path / "plan.md").is_file()


def test_a_mixture_is_named(tmp_path: Path) -> None:
    found = planned(tmp_path, "--params", "65B", "--tokens", "1.4T", "--mixture", "Feed 1")
    assert {entry["domain"]: entry["share"] for entry in found["domains"]}["web"] == pytest.approx(0.82)
    assert any("A paper, table 1" in warning for warning in found["warnings"])

    done = plan(tmp_path, "--flops", "1e24", "--mixture", "feed1", "--supply", "web=1T")
    assert isinstance(done.exception, UsageError)
    assert "the supply has no domain 'books'" in str(done.exception)


def test_unimax_is_even_except_for_scarce_domains(tmp_path: Path) -> None:
    options = ("--tokens", "1T", "--params", "10B", "--supply", "web=5T,books=30B,code=400B")
    found = planned(tmp_path, *options, "--mixture", "unimax", "--max-epochs", "2")
    shares = {entry["domain"]: entry["share"] for entry in found["domains"]}
    assert shares == pytest.approx({"books": 0.06, "code": 0.47, "web": 0.47})


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["data"], 1),
        (["data:likely"], 1),
        (["data:sure"], 1),
        (["compute"], 0),
        (["compute", "data:undecided"], 1),
        (["model", "compute:likely"], 0),
    ],
)
def test_a_pipeline_stops_at_the_verdict_that_it_names(run: Run, asked: list[str], code: int) -> None:
    options = [part for each in asked for part in ("--fail-on", each)]
    done = run("plan", "--flops", "1e24", "--supply", "web=20B", *options, code=code)
    assert done.err == ("tokaudit: --fail-on: data is the constraint (sure)\n" if code else "")
    assert done.out.startswith("Data is the constraint in web")


def test_a_verdict_that_is_less_certain_than_asked_does_not_stop_it(run: Run) -> None:
    options = ("plan", "--flops", "1e25", "--supply", "web=4T", "--law", "hoffmann2022-approach1")
    run(*options, "--fail-on", "compute:sure")
    run(*options, "--fail-on", "compute:likely", code=1)


@pytest.mark.parametrize("asked", ["money", "data:certain", "data:", ""])
def test_an_unknown_verdict_to_stop_at_is_refused(run: Run, asked: str) -> None:
    assert "write data, model or compute" in run("plan", "--flops", "1e24", "--fail-on", asked, code=2).err
