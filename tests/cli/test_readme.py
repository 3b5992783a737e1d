"""The README's commands do what they say, and no command is missing from it."""

import shlex
from pathlib import Path

import pytest
from made.runs import scattered, write_csv
from made.samples import Run, text, write_jsonl

from tokaudit.cli.app import COMMANDS, main
from tokaudit.core.units import format_count, format_power

README = Path(__file__).parents[2] / "README.md"


def section(title: str) -> str:
    """The first shell block below a heading."""
    return (
        README.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("```sh\n")[2].partition("```")[0]
    )


def test_the_commands_of_the_use_section_run_in_order(run: Run) -> None:
    here = Path.cwd()
    write_jsonl(here / "crawl" / "pages.jsonl", [text(seed) for seed in range(4)])
    (here / "novels").mkdir()
    (here / "novels" / "one.txt").write_text(text(10, 500))
    (here / "repositories").mkdir()
    (here / "repositories" / "program.py").write_text("print('hello')\n")
    write_csv(here / "runs.csv", scattered(count=20, noise=0.003))
    commands = section("Use").splitlines()
    assert len(commands) > 15

    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "tokaudit"
        assert run(*arguments).out


def below(title: str) -> str:
    """All that stands below a heading of the third rank."""
    return README.read_text(encoding="utf-8").partition(f"\n### {title}\n")[2].partition("\n##")[0]


@pytest.mark.parametrize(("title", "commands"), [("Three questions", 4), ("How much text is there?", 1)])
def test_the_answers_to_the_questions_are_those_of_the_program(title: str, commands: int, run: Run) -> None:
    blocks = below(title).split("```sh\n")[1:]
    assert len(blocks) == commands
    for block in blocks:
        lines, _, rest = block.partition("```")
        done = [run(*shlex.split(line)[1:]) for line in lines.splitlines()]
        said = " ".join(" ".join(each.out + each.err for each in done).split())
        quoted = "\n".join(line[1:].strip() for line in rest.splitlines() if line.startswith(">")).split("\n\n")
        for answer in quoted:
            assert answer
            assert " ".join(answer.split()) in said


def test_the_table_of_how_much_text_there_is_is_the_program_s(run: Run) -> None:
    rows = [line.strip("| ").split(" | ") for line in below("How much text is there?").splitlines() if line[:1] == "|"]
    numbers = {
        "tokens_unique": format_count,
        "flops_one_epoch": format_power,
        "params_one_epoch": format_count,
        "flops_four_epochs": format_power,
    }
    assert rows[2:] == [
        [row["domain"], row["corpus"], row["counted"], *(say(row[name]) for name, say in numbers.items())]
        for row in run("ceilings", "--format", "json").json["rows"]
    ]


@pytest.mark.parametrize("name", COMMANDS.names())
def test_every_command_is_in_the_readme_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([name, "--help"])

    assert f"tokaudit {name}" in README.read_text(encoding="utf-8")
    assert len(capsys.readouterr().out.splitlines()) > 5
