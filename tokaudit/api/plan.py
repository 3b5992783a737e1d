"""``tokaudit.plan``: whether data limits a training run, in which domain and by how much."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokaudit.api.argument_names import in_python, with_argument_names
from tokaudit.api.arguments import check_texts, flag
from tokaudit.api.catalog import Catalog
from tokaudit.api.catalog_place import catalog_place
from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import Number, Numbers
from tokaudit.planning import plan as planning_plan
from tokaudit.planning.defaults import DEFAULT_LAW
from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.mixture import MaxEpochs
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.stages import GivenStage
from tokaudit.reports.formats import REPORTS
from tokaudit.reports.json_text import from_json, to_json
from tokaudit.reports.plain_text import PlainText
from tokaudit.reports.plan_html import plan_html
from tokaudit.reports.plan_verdict import verdict
from tokaudit.supply.stated import GivenSupply

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Plan(planning_plan.Plan):
    """Whether data limits a training run, in which domain, and by how much.

    Its attributes are named as the fields of ``tokaudit plan --format json``, and `to_dict` is that JSON. In a notebook
    it is shown as the verdict, supply against need as a figure, what to train, what to do, and the domains.
    """

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``tokaudit plan --format json``: lists, dictionaries, text and numbers.

        None stands for what does not apply, for NaN and for infinities.
        """
        found: dict[str, Any] = from_json(to_json(self))
        return found

    def to_markdown(self) -> str:
        """The plan as ``tokaudit plan --format markdown`` writes it, with the numbers behind it."""
        return self._written("markdown", details=True)

    def to_text(self, *, details: bool = False) -> str:
        """The plan as ``tokaudit plan`` writes it, without line breaks in sentences.

        Args:
            details: whether to write all domains, the numbers behind the verdict and all notes, as ``-v`` does.
        """
        return in_python(self._written("table", details=details).replace("-v shows", "to_text(details=True) shows"))

    def to_frame(self) -> "pd.DataFrame":
        """The domains as a pandas frame, one row per domain, with the columns of ``domains`` in the JSON."""
        import pandas as pd

        columns = [each.name for each in fields(planning_plan.DomainPlan)]
        return pd.DataFrame(list(map(asdict, self.domains)), columns=columns)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Plan: {verdict(self)}>"

    def _repr_html_(self) -> str:
        from tokaudit.reports.charts.notebook import figure_html

        return in_python(plan_html(self, figure_html("supply", self)))

    def _written(self, form: str, *, details: bool) -> str:
        text = PlainText()
        REPORTS.get(form).plan(self, text, details=details)
        return text.getvalue()


def for_programs(made: planning_plan.Plan) -> Plan:
    """A plan of the planner, with the methods for programs and notebooks."""
    return Plan(**{each.name: getattr(made, each.name) for each in fields(made)})


@with_argument_names
def plan(  # long: an argument per option, and its line in the docstring
    flops: Number | None = None,
    params: Number | None = None,
    tokens: Number | None = None,
    *,
    gpu: str | None = None,
    gpus: Number | None = None,
    days: Number | None = None,
    mfu: Number | None = None,
    law: str = DEFAULT_LAW,
    mixture: Numbers | None = None,
    supply: GivenSupply | Catalog | None = None,
    where: str | None = None,
    count_synthetic: bool = False,
    tokenizer: str | None = None,
    max_epochs: MaxEpochs | None = None,
    params_total: Number | None = None,
    stage: Sequence[GivenStage] = (),
    inference_tokens: Number | None = None,
    price_gpu_hour: Number | None = None,
    add: Numbers | None = None,
    save: str | None = None,
    force: bool = False,
    catalog: str | os.PathLike[str] | Catalog | None = None,
) -> Plan:
    """Say whether data, model size or compute limits a training run.

    The budget is one of ``flops``, ``params``, ``tokens``, ``params`` with ``tokens``, or ``gpu`` with ``gpus`` and
    ``days``. A number may be an ``int``, a ``float``, a number of NumPy, or text as on the command line: ``"70B"``,
    ``"40%"``. What is given by domain may be a mapping; then the names of domains may have any printable characters.

    Args:
        flops: training FLOPs of the budget.
        params: parameters of the model; alone, the budget of the compute-optimal run of it.
        tokens: tokens to train on; alone, the budget of the compute-optimal run on them.
        gpu: accelerator of the budget or of the price, such as ``"H100 SXM"``.
        gpus: with ``gpu``, number of accelerators.
        days: with ``gpu``, days of training.
        mfu: share of the hardware's peak FLOPs that the run reaches, 0 to 1; None: 0.4.
        law: scaling law, as `tokaudit laws` lists them; or one that is saved in the catalog.
        mixture: domain -> share of the run's tokens, 0 to 1; or the name of a known mixture, or ``"unimax"``. None:
            ``"llama3"`` for published text, else in proportion to the supply.
        supply: unique tokens that there are: domain -> tokens, a CSV file, a table with the columns ``domain`` and
            ``tokens_unique``, a `Catalog`, or ``"measured"``, ``"published"``, ``"published:CORPUS,…"`` or
            ``"measured+published"``. None: measured if the catalog has counts, else published.
        where: condition on the labels of measured documents; None: all of them.
        count_synthetic: whether synthetic and translated published text counts, in a domain of its own.
        tokenizer: tokenizer in whose tokens the supply is given; None: the catalog's first, or the law's.
        max_epochs: most epochs of a domain: a number, domain -> number, or both as a tuple. None: no limit, and 4 in
            the suggested mixture.
        params_total: all parameters of a mixture of experts, of which ``params`` are the active ones.
        stage: stages of the run in order, each as ``"NAME TOKENS|SHARE% MIXTURE"`` or as a mapping with the keys
            ``stage``, ``tokens`` or ``share``, and ``mixture``.
        inference_tokens: tokens that the model will serve in its lifetime.
        price_gpu_hour: price of an hour of ``gpu``, or of an H100 SXM, in any currency.
        add: domain -> more unique tokens whose value to estimate; None: all that each domain lacks.
        save: name under which the catalog keeps the plan, for `Catalog.plan`; None: it is not saved.
        force: whether to replace a saved plan of that name.
        catalog: the catalog with measured text, saved laws and saved plans; None: that of `tokaudit.open`.

    Returns:
        The plan, the same as that of ``tokaudit plan`` with these options.

    Raises:
        UsageError: a name is unknown, a number is not valid, or arguments do not go together.
        InputError: the table or file of a supply can't be read.
        CatalogError: the law or the supply is in the catalog, and it can't be read; or the plan can't be saved there.
    """
    check_texts(gpu=gpu, law=law, where=where, tokenizer=tokenizer, save=save)
    numbers = {"flops": flops, "params": params, "tokens": tokens, "gpus": gpus, "days": days, "mfu": mfu}
    named, path = _measured(supply, catalog)
    options = PlanOptions(
        budget={name: value for name, value in numbers.items() if value is not None},
        gpu=gpu,
        law=law,
        mixture=mixture,
        supply=named,
        where=where,
        count_synthetic=flag(count_synthetic, "count_synthetic"),
        tokenizer=tokenizer,
        max_epochs=max_epochs,
        params_total=params_total,
        stages=stage,
        inference_tokens=inference_tokens,
        price_gpu_hour=price_gpu_hour,
        add=add,
    )
    return for_programs(make_plan(options, path, save=save, force=flag(force, "force")).plan)


def _measured(
    supply: GivenSupply | Catalog | None, catalog: str | os.PathLike[str] | Catalog | None
) -> tuple[GivenSupply | None, Path]:
    """The supply as the planner takes it, and the catalog; a supply that is a catalog is what was measured there.

    Raises:
        UsageError: the supply is one catalog, and another one is named.
    """
    if not isinstance(supply, Catalog):
        return supply, catalog_place(catalog)
    path = supply.path
    if catalog is not None and catalog_place(catalog).absolute() != path:
        raise UsageError(f"catalog: is not the catalog of the supply, {path}; leave out one of them")
    return "measured", path
