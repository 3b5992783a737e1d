"""What a page says that it rests on."""

from made.made_plans import made_plan
from made.overviews import an_overview

from tokaudit import __version__
from tokaudit.reports.page.basis import basis


def test_a_plan_rests_on_its_law_its_numbers_and_its_supply() -> None:
    made = made_plan("web=2T", budget={"flops": "1e25"})
    parts = {part.title: part for part in basis(made, None)}
    law = dict(parts["The scaling law"].entries)

    assert law["name"] == "besiroglu2024"
    assert law["fitted FLOPs"] == "1.4e18 to 1.3e22"
    assert law["draws of them"].startswith("1,000")
    assert len(parts["What bears on the verdict"].items) == len(made.plan.warnings)
    assert dict(parts["Where the supply comes from"].entries)["origin"] == made.plan.supply_origin
    assert parts["How to make it again"].made_by[0].text == made.command
    assert parts["How to make it again"].entries == [("tokaudit", __version__)]


def test_a_catalog_rests_on_how_each_source_was_counted() -> None:
    parts = {part.title: part for part in basis(None, an_overview({"web": (9, 8, 7), "code": (5, 5, 5)}))}

    assert [name for name, _ in parts["The sources"].entries] == ["web", "code"]
    assert parts["The sources"].made_by[0].text.count("tokaudit ingest PATH") == 2
    assert "The scaling law" not in parts


def test_the_words_are_explained_on_every_page() -> None:
    words = dict(basis(None, None)[0].entries)

    assert {"token", "unique tokens", "epoch", "FLOPs", "loss, in nats"} <= set(words)


def test_each_verdict_on_a_domain_is_explained() -> None:
    words = " ".join(name for name, _ in basis(None, None)[0].entries)

    assert all(name in words for name in ("enough", "repeat", "strained", "exhausted", "loose"))
