"""Messages in Python name arguments instead of options."""

import pytest

from tokaudit.api.argument_names import in_python, with_argument_names
from tokaudit.core.errors import InputError


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("--max-epochs: is wrong", "max_epochs: is wrong"),
        ("--gpus and --days: are a budget", "gpus and days: are a budget"),
        ("pass --flops, --params with --tokens, or --gpu", "pass flops, params with tokens, or gpu"),
        ("has a law x; pass --force to replace it", "has a law x; pass force=True to replace it"),
        ("use --method parametric, which", 'use method="parametric", which'),
        ("pass --drop 'epochs>1' to leave", "pass drop='epochs>1' to leave"),
        ("then pass --params 13B --params-total 47B", 'then pass params="13B" params_total="47B"'),
        ("pass --on-bad-record skip to go on", 'pass on_bad_record="skip" to go on'),
        ("another tokenizer; pass --tokenizer to convert", "another tokenizer; pass tokenizer to convert"),
        ("--supply of web: is 0; leave out --supply", "supply of web: is 0; leave out supply"),
        ("or use another --catalog", "or use another catalog"),
        ("`tokaudit fit --save NAME` adds one", "`tokaudit fit --save NAME` adds one"),
        ("unknown law '--max-epochs' (known: a-b)", "unknown law '--max-epochs' (known: a-b)"),
        ("can't be read, isn't there: --law", "can't be read, isn't there: law"),
        ("/data/my--file.csv:1: a -- b", "/data/my--file.csv:1: a -- b"),
    ],
)
def test_an_option_becomes_an_argument_and_the_rest_stays(message: str, said: str) -> None:
    assert in_python(message) == said


def test_an_error_keeps_its_class_and_has_no_second_traceback() -> None:
    @with_argument_names
    def fails() -> None:
        raise InputError("--drop: is wrong")

    with pytest.raises(InputError) as raised:
        fails()

    assert str(raised.value) == "drop: is wrong"
    assert raised.value.__cause__ is raised.value.__context__ is None


def test_another_error_passes_as_it_is() -> None:
    @with_argument_names
    def fails() -> None:
        raise ZeroDivisionError("--drop")

    with pytest.raises(ZeroDivisionError, match="--drop"):
        fails()
