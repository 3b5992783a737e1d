"""From the file to the options of each ingest and plan."""

from pathlib import Path

from tokaudit.pipeline.options import IngestOptions
from tokaudit.planning.audit_file.options import Settings, ingest_options, plan_options
from tokaudit.planning.audit_file.read import AuditFile, read_audit_file
from tokaudit.planning.options import PlanOptions

SOURCE = """
[sources.crawl]
paths = "crawl/"
domain = "web"
"""


def read(folder: Path, text: str) -> AuditFile:
    """What a file with this text says, as if it lay in the working directory."""
    (folder / "tokaudit.toml").write_text(text.replace("FOLDER", str(folder)))
    return read_audit_file(folder / "tokaudit.toml")


def test_a_source_without_more_has_the_settings(tmp_path: Path) -> None:
    settings = Settings(("a", "b"), ("*.x",), 3, "2GB", 5, "skip")

    assert ingest_options(read(tmp_path, SOURCE), "crawl", settings) == IngestOptions(
        paths=(f"{tmp_path}/crawl/",),
        domain="web",
        source="crawl",
        tokenizers=("a", "b"),
        exclude=("*.x",),
        skip_bad=True,
        workers=3,
        memory=2 * 10**9,
        rows_in_catalog=5,
    )


def test_what_a_source_says_wins_over_the_settings(tmp_path: Path) -> None:
    more = """
reader = "jsonl"
text_field = ["body", "*.x=text"]
include = "*.jsonl"
exclude = ["*.y", "*.x"]
tokenizers = "c"
clean = "none"
label = { quality = "score" }
language = true
on_bad_record = "stop"
repeat_length = 50
limit = { record = "8MiB", ratio = 100 }
"""
    settings = Settings(("a", "b"), ("*.x",), on_bad_record="skip")

    assert ingest_options(read(tmp_path, SOURCE + more), "crawl", settings) == IngestOptions(
        paths=(f"{tmp_path}/crawl/",),
        domain="web",
        source="crawl",
        reader="jsonl",
        text_fields=("body", "*.x=text"),
        tokenizers=("c",),
        clean="none",
        include=("*.jsonl",),
        exclude=("*.x", "*.y"),
        labels={"quality": "score"},
        language=True,
        limits=("record=8MiB", "ratio=100"),
        repeat_length=50,
    )


def test_a_plan_has_the_options_of_its_table(tmp_path: Path) -> None:
    text = """
[plans.a]
params = "70B"
tokens = 1_400_000
supply = { web = "2T", code = 4e11 }
mixture = "llama3"
stage = ["one 50% web=1", "two 50% code=1"]
max_epochs = 4
count_synthetic = true
"""

    assert plan_options(read(tmp_path, text), "a", Settings(law="porian2024", tokenizer="t")) == PlanOptions(
        budget={"params": "70B", "tokens": "1400000"},
        law="porian2024",
        mixture="llama3",
        supply={"web": "2T", "code": "4e11"},
        count_synthetic=True,
        tokenizer="t",
        max_epochs="4",
        stages=("one 50% web=1", "two 50% code=1"),
    )


def test_a_plan_without_a_supply_has_the_measured_one_if_text_is_counted(tmp_path: Path) -> None:
    plan = '[plans.a]\nflops = 1e20\nlaw = "besiroglu2024"\n'

    assert plan_options(read(tmp_path, plan), "a", Settings()).supply is None
    assert plan_options(read(tmp_path, plan + SOURCE), "a", Settings()).supply == "measured"


def test_the_share_of_the_hardware_s_peak_is_for_plans_with_hardware(tmp_path: Path) -> None:
    text = """
[plans.none]
flops = 1e20
[plans.gpus]
gpu = "H100 SXM"
gpus = 8
days = "3d"
[plans.own]
price_gpu_hour = 2
mfu = "50%"
flops = 1e20
"""
    file, settings = read(tmp_path, text), Settings(mfu="0.3")

    assert [plan_options(file, name, settings).budget.get("mfu") for name in file.plans] == [None, "0.3", "50%"]
