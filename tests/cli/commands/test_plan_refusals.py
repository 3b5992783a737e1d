"""What ``tokaudit plan`` refuses, with one line and an exit code. Each case is a call in this process."""

import shlex
from pathlib import Path

import pytest
from made.invoked import invoked

from tokaudit.core.errors import TokauditError

pytestmark = pytest.mark.usefixtures("made_reference")


def refusal(folder: Path, *arguments: str) -> tuple[int, str]:
    result = invoked("plan", *arguments, catalog=folder / "none.duckdb")
    assert result.stdout == ""
    error = result.exception
    if isinstance(error, TokauditError):
        return error.exit_code, str(error)
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("", "needs one budget"),
        ("--flops 0", "--flops: '0' must be positive"),
        ("--flops nan", "--flops"),
        ("--flops 1", "1 FLOPs is not a training run"),
        ("--flops 1e50", "is not a training run"),
        ("--tokens 1e300", "is not a training run"),
        ("--flops 1e24 --params 1B", "--flops: is a budget by itself; leave out --flops, or leave out --params"),
        (
            "--flops 1e24 --gpu beta",
            "--gpu: needs a price next to --flops; pass --price-gpu-hour, or leave out --gpu",
        ),
        ("--gpus 8", "--gpus: also needs --gpu NAME"),
        ("--gpu 'h100 sxm'", "--gpu: also needs --days and --gpus"),
        ("--gpu beta --gpus 8 --days 1", "may be any of Beta long, Beta short"),
        ("--gpu delta --gpus 8 --days 1", "unknown accelerator 'delta' (known: H100 SXM, "),
        ("--gpu alpha --gpus 8 --days 1 --mfu 1.2", "--mfu: '1.2' is not a share from 0 to 1"),
        ("--gpu alpha --gpus 8 --days 1 --mfu 40", "--mfu: '40' is not a share from 0 to 1; write 0.4 or 40%"),
        ("--gpu alpha --gpus 8 --days 36h", "--days: unknown unit 'h' in '36h'; write 60 or 60d"),
        ("--flops 1e24 --law kaplan2021", "unknown law 'kaplan2021'; did you mean 'kaplan2020'? (known: kaplan2020, "),
        ("--flops 1e24 --supply web=0", "must be positive"),
        ("--flops 1e24 --supply published:Crawll", "'Crawll' is not a published corpus; similar names: Crawl"),
        (
            "--flops 1e24 --supply web=1T --mixture web=.5,code=.5",
            "--mixture: the supply has no domain 'code' (it has web); give its tokens with --supply",
        ),
        (
            "--flops 1e24 --supply web=1T --max-epochs 4,code=2",
            "--max-epochs: the supply has no domain 'code' (it has web); leave it out",
        ),
        ("--flops 1e24 --supply web=1T --mixture web=.5", "sum to 0.5"),
        ("--flops 1e24 --inference-tokens -1", "--inference-tokens: '-1' must be positive"),
        ("--flops 1e24 --pdf x.pdf", "No such option"),
        ("--flops 1e24 --inference-tokens 1e60", "--inference-tokens: 1e60 is out of bounds (0 to 1e20)"),
        ("--flops 1e24 --price-gpu-hour 1e300", "--price-gpu-hour: 1e300 is out of bounds"),
        ("--flops 1e24 --supply web=1T --tokenizer syllables", "--tokenizer syllables: no rates are known"),
        ("--price-gpu-hour 2", "needs one budget"),
        ("--flops 1e24 --supply web=1T --add code=1T", "--add: the run does not use code (domains that it uses: web)"),
        ("--flops 1e24 --supply web=1T --add 1T", "--add: '1T' is not of the form DOMAIN=TOKENS"),
        ("--flops 1e24 --supply web=1T --add web=0", "--add of web: '0' must be positive"),
        ("--flops 1e24 --supply web=1T --add web=1e60", "--add: 1e60 tokens of web are out of bounds"),
        ("--flops 1e24 --supply web=1T --add web=1T,web=2T", "--add: web is named twice"),
        ("--flops 1e24 --price-gpu-hour 0", "--price-gpu-hour: '0' must be positive"),
        (
            "--flops 1e24 --gpus 8 --days 2 --price-gpu-hour 2",
            "--gpus and --days: are a budget by themselves; leave out",
        ),
        ("--flops 1e24 --price-gpu-hour 2 --mfu 7", "--mfu: '7' is not a share from 0 to 1"),
        ("--gpu 'h100 sxm' --gpus 8 --price-gpu-hour 2", "--gpu: also needs --days"),
    ],
)
def test_a_wrong_call_is_one_line_and_exits_with_2(tmp_path: Path, arguments: str, what: str) -> None:
    code, message = refusal(tmp_path, *shlex.split(arguments))
    assert code == 2
    assert what in message


def test_an_unreadable_supply_exits_with_3(tmp_path: Path) -> None:
    assert refusal(tmp_path, "--flops", "1e24", "--supply", str(tmp_path / "none.csv"))[0] == 3


def test_a_report_that_can_t_be_written_exits_with_3(tmp_path: Path) -> None:
    arguments = ("plan", "--flops", "1e24", "--markdown", str(tmp_path / "no" / "plan.md"))
    error = invoked(*arguments, catalog=tmp_path / "none.duckdb").exception
    assert isinstance(error, TokauditError)
    assert error.exit_code == 3
