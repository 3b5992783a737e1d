"""Sources and plans are checked before the first text is read."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.planning.audit_file.check import check_all
from tokaudit.planning.audit_file.options import Settings
from tokaudit.planning.audit_file.read import read_audit_file

SOURCE = '[sources.a]\npaths = "nowhere"\ndomain = "web"\n'


def check(folder: Path, text: str, settings: Settings) -> None:
    """Check a file with this text."""
    (folder / "tokaudit.toml").write_text(text)
    check_all(read_audit_file(folder / "tokaudit.toml"), settings, folder / "none.duckdb")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOURCE + 'reader = "jsonlines"', ":4: source 'a': unknown reader 'jsonlines'; did you mean 'jsonl'?"),
        (SOURCE + 'label = { domain = "x" }', ":4: source 'a': --label domain: `tokaudit supply` has a column of"),
        (SOURCE + "limit = { records = 1 }", ":4: source 'a': --limit: unknown limit 'records'; did you mean 'record'"),
        ("# x\n[plans.a]", ":2: plan 'a': a plan needs one budget"),
        ("[plans.a]\nflops = 'lots'", ":2: plan 'a': --flops: 'lots' is not a number"),
        ("[plans.a]\nflops = 1e20\nlaw = 'x'", ":3: plan 'a': unknown law 'x'"),
        ("[plans.a]\nflops = 1e20\nfail_on = 'date'", ":3: plan 'a': --fail-on: 'date' is unknown"),
        ("[plans.'a b']\nflops = 1e20", ":1: plan 'a b': --save: 'a b' is not a name for a plan"),
        ("[plans.a]\nflops = 1e20\nmax_epochs = 'x'", ":3: plan 'a': --max-epochs"),
        ("[plans.a]\nflops = 1e20\nmixture = { a = 0.9 }", ":3: plan 'a': --mixture: the shares sum to 0.9"),
        (
            "[plans.a]\nflops = 1e20\n[plans.a.supply]\n'a,b' = 'x'",
            ":3: plan 'a': --supply of a,b: 'x' is not a number",
        ),
        ("[plans.a]\nflops = 1e20\nsupply = 'a=1T,a=2T'", ":3: plan 'a': --supply: a is named twice"),
        ("[plans.a]\nflops = 1e20\nstage = { stage = 'x' }", ":3: plan 'a': --stage: {'stage': 'x'} does not have"),
    ],
    ids=str,
)
def test_a_fault_is_found_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(tmp_path, text, Settings())

    assert str(refused.value).startswith(f"{tmp_path}/tokaudit.toml{message}")


def test_what_only_the_text_can_tell_is_not_asked(tmp_path: Path) -> None:
    plan = '[plans.a]\nflops = 1e20\nwhere = "quality > 3"\nmixture = "web=0.5,code=0.5"\nadd = "code=1T"\n'

    check(tmp_path, SOURCE + plan, Settings())
