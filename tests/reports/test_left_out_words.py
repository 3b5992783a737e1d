"""Short names of what was left out."""

from tokaudit.core.bad_codes import EXPLANATIONS
from tokaudit.core.left_out_rules import RULES
from tokaudit.reports.left_out_words import BAD_RECORDS, LEFT_OUT


def test_every_rule_and_every_code_has_a_name_of_its_own() -> None:
    assert set(LEFT_OUT) == set(RULES)
    assert set(BAD_RECORDS) == set(EXPLANATIONS)
    assert len(set(LEFT_OUT.values())) == len(RULES)
    assert len(set(BAD_RECORDS.values())) == len(EXPLANATIONS)
    assert max(map(len, (*LEFT_OUT.values(), *BAD_RECORDS.values()))) <= 45
