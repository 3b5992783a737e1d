"""What the codes of bad records and the rules of what is left out mean, as rows."""

from tokaudit.core.bad_codes import EXPLANATIONS
from tokaudit.core.errors import UsageError
from tokaudit.core.left_out_rules import RULES
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.rows import Row


def explain(code: str | None) -> list[Row]:
    """Rows of ``code``, ``of``, ``meaning``, ``cause``, ``remedy``, ``incomplete``; those of all if none is named.

    ``of`` is ``bad record`` or ``left out``; one name may be both. The rules of what is left out have no cause.

    Raises:
        UsageError: there is no such code or rule; the message lists the known ones.
    """
    known = _all()
    rows = known if code is None else [row for row in known if row["code"] == code]
    if not rows:
        raise UsageError(unknown_name("code", code or "", list(dict.fromkeys(row["code"] for row in known))))
    return rows


def _all() -> list[Row]:
    codes: list[Row] = [
        {"code": code, "of": "bad record", "meaning": each.meaning, "cause": each.cause, "remedy": each.remedy}
        | {"incomplete": True}
        for code, each in EXPLANATIONS.items()
    ]
    rules: list[Row] = [
        {"code": name, "of": "left out", "meaning": rule.meaning, "cause": None, "remedy": rule.remedy}
        | {"incomplete": rule.incomplete}
        for name, rule in RULES.items()
    ]
    return codes + rules
