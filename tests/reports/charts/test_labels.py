"""Places of the names of points."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tokaudit.reports.charts.labels import RIGHT, Box, Point, Space, placed

SPACE = Space(600, 300, (1.0, 1e6), (1.0, 1e3))


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_a_name_stands_at_the_right_of_its_point_if_there_is_room() -> None:
    (label,) = placed([Point("alone", 1e3, 30)], ["alone"], SPACE)
    assert (label.align, label.dy) == ("left", 0)
    assert label.row() == {"name": "alone", "x": 1e3, "y": 30, "align": "left", "dx": label.dx, "dy": 0}
    assert label.dx > label.point.radius


def test_a_name_at_the_right_edge_stands_at_the_left() -> None:
    (label,) = placed([Point("at the edge", 9e5, 30)], ["at the edge"], SPACE)
    assert (label.align, label.dx < 0) == ("right", True)


def test_a_name_without_room_is_left_out() -> None:
    points = [Point("first", 1e3, 30), Point("second", 1.3e3, 30)]
    assert [label.point.name for label in placed(points, ["first", "second"], SPACE, sides=RIGHT)] == ["second"]


def test_the_more_important_name_is_placed() -> None:
    points = [Point("first name", 1e3, 30), Point("second name", 1.5e3, 40)]
    (label,) = placed(points, ["second name", "first name"], SPACE, [(0, 0, 600, 120)], sides=RIGHT)
    assert label.point.name == "second name"


def test_no_name_stands_where_something_else_is() -> None:
    assert not list(placed([Point("alone", 1e3, 30)], ["alone"], SPACE, [(0, 0, 600, 300)]))


@given(
    st.lists(
        st.tuples(st.floats(1, 1e6), st.floats(1, 1e3), st.integers(1, 25)),
        min_size=1,
        max_size=40,
        unique_by=lambda x: x[0],
    )
)
def test_no_two_names_overlap_and_all_lie_in_the_chart(spots: list[tuple[float, float, int]]) -> None:
    points = [Point(f"{at}{'x' * size}", x, y) for at, (x, y, size) in enumerate(spots)]
    boxes = [label.box for label in placed(points, [point.name for point in points], SPACE)]
    assert not any(_overlap(one, other) for one, other in itertools.combinations(boxes, 2))
    assert all(left >= 0 and top >= 0 and right <= 600 and bottom <= 300 for left, top, right, bottom in boxes)
