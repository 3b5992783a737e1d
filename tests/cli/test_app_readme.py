"""The README's commands do what they say, and no command is missing from it."""

import re
import shlex
from pathlib import Path

import pytest
from made.runs import scattered, write_csv
from made.samples import Done, Run, text, write_jsonl

from tokaudit.catalog.reference.corpora import published_corpora
from tokaudit.cli.app import COMMANDS, main
from tokaudit.core.units import parse_count
from tokaudit.supply.published.find import find_named

README = Path(__file__).parents[2] / "README.md"


def section(title: str) -> str:
    """The first shell block below a heading."""
    return (
        README.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("```sh\n")[2].partition("```")[0]
    )


@pytest.mark.slow
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


def quoted(text: str) -> list[str]:
    """The paragraphs that a README block quotes, each in one line."""
    lines = "\n".join(line[1:].strip() for line in text.splitlines() if line.startswith(">"))
    return [" ".join(paragraph.split()) for paragraph in lines.split("\n\n")]


def said(*done: Done) -> str:
    """All that the program said, in one line."""
    return " ".join(" ".join(each.out + each.err for each in done).split())


def form(text: str) -> str:
    """The text without its figures."""
    return re.sub(r"\d[\d.,]*\d|\d", "#", text)


@pytest.mark.slow
def test_the_answers_to_the_three_questions_are_those_of_the_program(run: Run) -> None:
    blocks = below("Three questions").split("```sh\n")[1:]
    assert len(blocks) == 4
    for block in blocks:
        lines, _, rest = block.partition("```")
        found = said(*(run(*shlex.split(line)[1:]) for line in lines.splitlines()))
        by_rates = "--tokenizer" in lines  # whose figures change with each rate that is added to the registry
        for answer in quoted(rest):
            assert answer
            assert form(answer) in form(found) if by_rates else answer in found


def table_below(title: str) -> list[list[str]]:
    """The rows of the table there, without its head."""
    lines = [line for line in below(title).splitlines() if line.startswith("|")]
    return [line.strip("| ").split(" | ") for line in lines[2:]]


def test_how_much_text_there_is_follows_from_the_tokens_of_the_table(run: Run) -> None:
    table = table_below("How much text is there?")
    supply = ",".join(f"{domain}={tokens}" for domain, _, _, tokens, *_ in table)
    done = run("ceilings", "--supply", supply, "--format", "json")
    reach = ("flops_one_epoch", "params_one_epoch", "flops_four_epochs")
    for (domain, _, _, _, *printed), row in zip(table, done.json["rows"], strict=True):
        assert domain == row["domain"]
        figures = [parse_count(figure, "the README") for figure in printed]
        assert figures == pytest.approx([row[name] for name in reach], rel=0.015)  # the tokens have three digits
    (sentence,) = quoted(below("How much text is there?"))
    assert sentence in said(done)


def test_the_table_of_how_much_text_there_is_names_what_ships(run: Run) -> None:
    domains = {row["domain"] for row in run("ceilings", "--format", "json").json["rows"]}
    for domain, corpus, counted, *_ in table_below("How much text is there?"):
        rows, _ = find_named(re.sub(r" \(\d parts\)$", "", corpus), published_corpora(), ())
        assert domain in domains
        assert counted in {row.counted for row in rows if row.domain == domain}


@pytest.mark.parametrize("name", COMMANDS.names())
def test_every_command_is_in_the_readme_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([name, "--help"])

    assert f"tokaudit {name}" in README.read_text(encoding="utf-8")
    assert len(capsys.readouterr().out.splitlines()) > 5
