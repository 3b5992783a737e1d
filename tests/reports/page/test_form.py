"""Which domains of a plan can be changed on its page."""

from made.made_plans import made_plan, without_supply

from tokaudit.reports.page.form import what_if_form


def test_the_largest_shares_come_first_with_their_place_in_the_setting() -> None:
    form = what_if_form(made_plan("a=1B,b=3B,c=2B", budget={"flops": "1e21"}))

    assert [(each.domain, each.place) for each in form.domains] == [("b", 1), ("c", 2), ("a", 0)]
    assert form.document is not None
    assert [form.document["setting"]["domains"][each.place]["domain"] for each in form.domains] == ["b", "c", "a"]


def test_domains_beyond_the_most_are_counted() -> None:
    form = what_if_form(made_plan(",".join(f"d{at}={at + 1}B" for at in range(100)), budget={"flops": "1e21"}))

    assert (len(form.domains), form.fixed) == (60, 40)


def test_without_a_supply_it_says_why_nothing_can_be_changed() -> None:
    form = what_if_form(without_supply(flops=1e24))

    assert form.document is None
    assert form.why_not == "The plan has no supply, so there is nothing to change."
    assert what_if_form(None).why_not == ""
