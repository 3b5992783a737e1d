"""A share of a stage of grouping duplicates, performed by a job of its own."""

from pathlib import Path

from tokaudit.catalog.layout import catalog_file
from tokaudit.catalog.signatures import check_signatures
from tokaudit.core.progress import Notify
from tokaudit.dedup.regroup import stages_of
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier
from tokaudit.pipeline.engines import EngineChoice
from tokaudit.pipeline.engines.chosen import folder_of
from tokaudit.pipeline.engines.rank import RankEngine, RankResult


def group_rank(
    catalog: Path, stage: str, share: tuple[int, int], work: str | None, workers: int, notify: Notify
) -> RankResult:
    """Perform every task of a stage whose number leaves the rank when it is divided by the number of ranks.

    The catalog is only read, so that many jobs run at once. Its groups are made by `resume`, which takes the results.
    Nothing is done if no text is left to compare.

    Args:
        catalog: the DuckDB file.
        stage: ``shared``, ``pairs`` or ``reread``; the results of those before it must be in the folder.
        share: the rank, from 0, and the number of ranks.
        work: folder or URL in which results wait; None: next to the catalog.
        workers: number of threads.
        notify: receives short progress messages.

    Raises:
        CatalogError: the catalog can't be read, or its signatures are missing.
        InputError: the folder can't be used, or results of an earlier stage are missing.
    """
    file = catalog_file(catalog)
    check_signatures(file)
    engine = RankEngine(folder_of(EngineChoice(work=work), file), stage, *share, workers)
    with StoredSets(file) as sets:
        stages_of(file, Verifier(file, sets, workers, engine=engine), notify, engine)
    return engine.done
