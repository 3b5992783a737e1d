"""Markdown on a terminal of some width."""

import io
import re

import pytest

from tokaudit.reports.rendered import print_markdown

PAGE = """# A title

Some words with [a chapter](other.md), [`a command`](other.md#there) and [an address](https://example.org/x).

```sh
tokaudit plan --flops 1e25 --supply web=2T,books=30B,code=400B --tokenizer cl100k_base
```

| name | what it is |
|---|---|
| `a_name` | many words that do not fit into one line of a narrow terminal |
"""


def shown(width: int, text: str = PAGE) -> list[str]:
    """Return the lines that a terminal of so many columns shows, without styles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        stream = io.StringIO()
        print_markdown(text, stream)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_all_but_commands_fits_the_width(width: int) -> None:
    assert [line for line in shown(width) if len(line) > width and not line.startswith("  tokaudit")] == []


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_command_is_in_one_piece(width: int) -> None:
    (command,) = re.findall(r"^tokaudit .+$", PAGE, re.MULTILINE)

    assert f"  {command}" in shown(width)


def test_a_link_to_a_file_is_its_words_and_one_to_the_web_has_its_address() -> None:
    words = " ".join(" ".join(shown(200)).split())

    assert "with a chapter, a command and an address (https://example.org/x)." in words


def test_a_heading_stands_at_the_left_edge() -> None:
    assert shown(80)[:2] == ["A title", ""]


@pytest.mark.parametrize("width", [40, 80])
def test_a_table_keeps_its_names_whole(width: int) -> None:
    assert any("a_name" in line for line in shown(width))
    assert not any("…" in line for line in shown(width))


def test_a_table_loses_nothing_of_a_long_word() -> None:
    word = "~/.config/" + "long" * 10
    cells = "".join(
        line.split()[0] for line in shown(30, f"| a | b |\n|---|---|\n| {word} | x |\n")[3:] if line.strip()
    )

    assert word in cells


def test_comments_are_not_shown() -> None:
    assert shown(80, "before\n\n<!-- generated: tokaudit guide -->\nafter\n<!-- end -->\n") == ["before", "", "after"]
