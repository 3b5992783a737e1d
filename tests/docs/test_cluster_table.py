"""The table of the guide on what a cluster would take is what the model of `estimate` says."""

from pathlib import Path
from typing import Final

import pytest
from made.documents import PACKAGE, text_of

from tokaudit.core.units import format_bytes, format_count
from tokaudit.pipeline.estimate.cluster import Cluster, Corpus, cluster_need
from tokaudit.pipeline.estimate.costs import catalog_of_documents

CHAPTER: Final = PACKAGE / "guide" / "cluster.md"
BEGIN, END = "<!-- table of a cluster -->\n", "<!-- end of the table -->\n"
NODES: Final = Cluster(nodes=32, cores=64, task_memory=2**30)
TEXT_PER_CORE: Final = 45e6
"""Bytes of text per second of a core: JSON lines of 19,204 documents of 2,800 bytes (books, pages, code)."""
STORED_PER_CORE: Final = 3.8e6
"""Stored bytes of WARC files per second of a core: 1,781 pages of `tests/benchmarks/crawl.py`, 30.5 MB."""
DOCUMENT: Final = 3_000
CORPORA: Final = {
    "1 TB of text": Corpus(1e12 / DOCUMENT, 0.8, 1e12 / TEXT_PER_CORE),
    "100 TB of text": Corpus(100e12 / DOCUMENT, 0.8, 100e12 / TEXT_PER_CORE),
    # Dolma 3 documentation (AI2): 255.7 billion documents, of which exact copies are 67 %. arXiv:2404.09770: more than
    # 100 archives of about 75 TB.
    "Common Crawl": Corpus(255.7e9, 0.33, 7.5e15 / STORED_PER_CORE),
}
COLUMNS: Final = (
    *("", "documents", "hours", "machine-hours", "results in `--work`", "catalogs", "their size", "moved"),
    *("memory of a node", "of the driver", "takes longest"),
)


def figure(value: float) -> str:
    """Three digits of a number, or all before the point."""
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def table() -> str:
    """The table in Markdown."""
    rows = [COLUMNS, ["---"] + ["---:"] * (len(COLUMNS) - 2) + ["---"]]
    for name, corpus in CORPORA.items():
        need = cluster_need(corpus, NODES)
        size = catalog_of_documents(corpus.documents, corpus.distinct, 1)
        rows.append(
            [
                *(name, format_count(corpus.documents), figure(need.elapsed / 3600), figure(need.machine_hours)),
                *(format_bytes(need.work_bytes), f"{need.catalogs}", format_bytes(size)),
                *(f"{figure(need.shuffle_bytes / 1e12)} TB", format_bytes(NODES.cores * need.task_memory)),
                *(format_bytes(need.driver_memory), need.bottleneck),
            ]
        )
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def test_the_table_is_what_the_model_says(request: pytest.FixtureRequest) -> None:
    text = text_of(CHAPTER)
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}{table()}{END}{after}"
    if request.config.getoption("write_docs"):
        Path(CHAPTER).write_text(wanted, encoding="utf-8")

    assert text_of(CHAPTER) == wanted, "write it anew: pytest -n 0 tests/docs --write-docs"


def test_the_chapter_names_the_cluster_of_the_table() -> None:
    assert f"{NODES.nodes} nodes of {NODES.cores} cores" in text_of(CHAPTER)
