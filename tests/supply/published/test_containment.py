"""The worked example in the docstring of containment."""

from made.registry import amounts, edge, part, row

from tokaudit.supply.published.containment import Containment
from tokaudit.supply.published.lineage import LineageGraph

FINEWEB = row("FineWeb", tokens=1_000)
EDU = row("FineWeb-Edu", tokens=100)
A, B = part("DCLM", "a", 300), part("DCLM", "b", 200)
RECOUNT = part("DCLM-recount", "a", 290, standard=False)
ROWS = [FINEWEB, EDU, A, B, RECOUNT]
LINEAGE = [edge("FineWeb-Edu", "subset_of", "FineWeb"), edge("DCLM-recount/a", "recount_of", "DCLM/a")]


def test_the_worked_example_holds() -> None:
    found = Containment(LineageGraph(ROWS, LINEAGE), ROWS, amounts(ROWS))

    assert set(found.kept) == {FINEWEB, A, B}
    assert found.inside == {"FineWeb-Edu/all": "FineWeb/all", "DCLM-recount/a": "DCLM/a"}
    assert found.within == {EDU: FINEWEB, RECOUNT: A}


def test_text_inside_a_corpus_is_inside_its_parts_together() -> None:
    inner = row("Inner", tokens=50)
    rows, lineage = [*ROWS, inner], [*LINEAGE, edge("Inner", "subset_of", "DCLM")]
    found = Containment(LineageGraph(rows, lineage), rows, amounts(rows))
    without_b = [each for each in rows if each != B]
    apart = Containment(LineageGraph(rows, lineage), without_b, amounts(rows))

    assert found.inside["Inner/all"] == "DCLM"
    assert inner in apart.kept
