"""Charts with a row per thing."""

import altair as alt
from made.drawings import elements, marks, texts

from tokaudit.core.rows import Row
from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.rows import MOST, bound_ticks, headings, height_of, tracks
from tokaudit.reports.figure import Drawing
from tokaudit.reports.protocol import Table

ROWS: list[Row] = [{"place": 1, "name": "first"}, {"place": 2, "name": "x" * 500}]


def _drawing() -> Drawing:
    rows = alt.Chart(alt.NamedData("rows"))
    texts_of = headings(rows, "datum.name", "'remark ' + datum.place", bold="datum.place == 2")
    chart = layered([tracks(rows), bound_ticks(rows, 3), *texts_of], {"rows": ROWS})
    return Drawing(chart, "", Table((), []), (), height_of(len(ROWS)))


def test_names_and_remarks_stand_in_the_order_of_places() -> None:
    found = texts(_drawing())
    assert found.index("first") < found.index("remark 1")
    assert found.index("remark 1") + 1 == found.index("remark 2")


def test_a_long_name_is_cut_before_the_remark() -> None:
    (name,) = [text for text in texts(_drawing()) if text.startswith("xx")]
    assert name.endswith("…")
    assert len(name) < 100


def test_the_readers_own_row_is_bold() -> None:
    weights = {
        "".join(element.itertext())[:5]: element.get("font-weight")
        for element in elements(_drawing())
        if element.tag.endswith("text")
    }
    assert weights["xxxxx"] == "700"
    assert weights["first"] != "700"


def test_a_chart_grows_by_its_rows_up_to_the_most() -> None:
    assert (height_of(1), height_of(MOST), height_of(2000)) == (44, 44 * MOST, 44 * MOST)


def test_each_row_has_a_mark_at_the_bound() -> None:
    assert len(marks(_drawing(), "rect")) == len(ROWS)
