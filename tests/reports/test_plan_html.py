"""Plans in a notebook."""

from made.html_pages import read
from made.plans import of_domains

from tokaudit.planning.plan import Plan
from tokaudit.reports.plan_html import plan_html
from tokaudit.reports.plan_steps import steps
from tokaudit.reports.plan_verdict import verdict


def test_a_plan_is_its_sentences_its_domains_and_its_notes(worn_out: Plan) -> None:
    shape = read(plan_html(worn_out))

    assert shape.texts[0] == verdict(worn_out)
    assert [text for text in steps(worn_out) if text not in shape.texts] == []
    assert {entry.domain for entry in worn_out.domains} <= set(shape.texts)
    assert {f"Note: {note}." for note in worn_out.notes} <= set(shape.texts)
    assert any(text.startswith("Law: besiroglu2024. Supply: ") for text in shape.texts)


def test_a_plan_without_a_supply_has_no_table(no_supply: Plan) -> None:
    assert "<table" not in plan_html(no_supply)


def test_hostile_names_and_notes_are_text(hostile: Plan) -> None:
    read(plan_html(hostile))


def test_many_domains_are_cut_and_their_number_is_said() -> None:
    page = plan_html(of_domains({f"d{place:04}": 1e9 for place in range(3000)}, flops=1e24))

    assert page.count("<tr>") == 51
    assert "2,950 more domains" in page
