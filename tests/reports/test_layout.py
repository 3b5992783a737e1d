"""Tables at any width."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tokaudit.reports.layout import Column, lay_out, pair_lines

NAMES = st.text("abc_", min_size=1, max_size=20)
THINGS = st.text("ab/5.é漢 ", min_size=1, max_size=60).map(str.strip).filter(bool)
SENTENCES = st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=30).map(" ".join)


@st.composite
def tables(draw: st.DrawFn) -> list[Column]:
    rows = draw(st.integers(0, 12))
    names = draw(st.lists(NAMES, min_size=1, max_size=7, unique=True))
    columns = []
    for name in names:
        prose = draw(st.booleans())
        cells = draw(st.lists(SENTENCES if prose else THINGS, min_size=rows, max_size=rows))
        columns.append(Column(name, tuple(cells), right=draw(st.booleans()), prose=prose))
    return columns


@given(tables(), st.integers(20, 120), st.data())
def test_every_cell_is_whole_or_its_column_is_named_as_left_out(
    columns: list[Column], width: int, data: st.DataObject
) -> None:
    keep = data.draw(st.lists(st.sampled_from([column.name for column in columns]), unique=True))
    found = lay_out(columns, width, keep)
    text = "\n".join([*found.head, *found.body])

    assert not set(keep) & set(found.left_out) or not columns[0].cells
    for column in columns:
        if column.name not in found.left_out:
            assert column.name in text or not column.cells
            for cell in column.cells:
                assert all(word in text for word in cell.split()) if column.prose else cell in text
    whole = {cell for column in columns if not column.prose for cell in column.cells}
    whole |= {column.name for column in columns} | {
        word for column in columns for word in " ".join(column.cells).split()
    }
    for line in [*found.head, *found.body]:
        assert cell_len(line) <= width or line.strip() in whole


def test_a_single_column_of_prose_is_wrapped_at_any_width() -> None:
    found = lay_out([Column("why", ("a word or two " * 20,) * 9, prose=True)], 12)

    assert max(map(cell_len, found.body)) <= 12


@given(tables())
def test_without_a_width_every_row_is_one_line(columns: list[Column]) -> None:
    found = lay_out(columns, None)

    assert (len(found.head), len(found.body), found.left_out) == (1, len(columns[0].cells), ())


MANY = tuple(str(number) for number in range(9))
WIDE = [Column("first", MANY), Column("second", ("x" * 30,) * 9), Column("third", MANY), Column("fourth", MANY)]


def test_columns_without_room_are_left_out() -> None:
    assert lay_out(WIDE, 40).left_out == ("third", "fourth")
    assert lay_out(WIDE, 26, ["first"]).left_out == ("second",)


def test_columns_to_be_kept_are_left_out_last() -> None:
    assert lay_out(WIDE, 45, ["fourth"]).left_out == ("third",)


def test_columns_to_be_kept_that_do_not_fit_turn_the_table() -> None:
    found = lay_out(WIDE, 30, ["second", "fourth"])

    assert found.body[:6] == ("first   0", "second", "x" * 30, "third   0", "fourth  0", "")


def test_few_rows_become_columns_if_they_fit() -> None:
    columns = [Column("domain", ("web", "code")), Column("tokens_unique", ("1", "22")), Column("tokens", ("3", "4"))]
    found = lay_out(columns, 24)

    assert found.head == ("domain         web  code",)
    assert found.body == ("tokens_unique    1    22", "tokens           3     4")


def test_few_rows_become_blocks_if_they_do_not() -> None:
    columns = [Column("path", ("/a/bcdef", "/c")), Column("why", ("it is not valid UTF-8", "gone"), prose=True)]

    assert lay_out(columns, 14).body == (
        *("path  /a/bcdef", "why   it is", "      not", "      valid", "      UTF-8", ""),
        *("path  /c", "why   gone"),
    )


def test_prose_gets_the_spare_room() -> None:
    columns = [Column("n", ("1",), right=True), Column("why", ("one two three four",), prose=True)]

    assert lay_out(columns, 13).body == ("1  one two", "   three four")
    assert lay_out(columns, 80).body == ("1  one two three four",)


def test_names_of_columns_wrap_at_blanks_to_save_room() -> None:
    columns = [Column("tokens needed", ("5.34T",), right=True), Column("domain", ("web",))]
    found = lay_out(columns, 14)

    assert (found.head, found.body) == (("tokens  domain", "needed"), (" 5.34T  web",))


def test_a_text_that_is_too_long_goes_below_its_name() -> None:
    assert ["".join(pair) for pair in pair_lines([("law", "x", True), ("supply", "/a/long/path", True)], 14)] == [
        *("law     x", "supply", "  /a/long/path"),
    ]


def test_a_single_column_of_prose_wraps_to_the_width() -> None:
    found = lay_out([Column("question", ("a sentence of many short words " * 8,), prose=True)], 20)

    assert max(map(len, found.body)) <= 20
