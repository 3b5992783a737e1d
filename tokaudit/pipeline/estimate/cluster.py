"""What an ingest would take on a cluster: hours, storage, memory, and data that are moved, from measured costs.

The constants were measured on two cores, as differences between ingests of 200,000 and of 1,000,000 documents of 275
bytes (see the guide, chapter `cluster`). For more documents they are extrapolated: what grows with the square of the
texts is computed as such, all else is taken to grow with the documents, texts or bytes.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tokaudit.catalog.most_texts import MOST_TEXTS
from tokaudit.core.rows import Row
from tokaudit.core.units import format_bytes, format_number_of
from tokaudit.dedup.candidates import key_ranges
from tokaudit.measure.fingerprints.minhash import BANDS

_START_SECONDS: Final = 10.0
"""Connecting to Ray, and loading packages and tokenizers in the workers."""
_IMPORT_SECONDS: Final = 3.8e-6
"""Per document, in the driver: taking results, writing rows and signatures. With 3.1e-6 seconds of a processor."""
_COMPARE_SECONDS: Final = 1.2e-6
"""Per distinct text, on one core: 0.8e-6 of the stage `shared` and 0.4e-6 of `pairs`."""
_SCAN_SECONDS: Final = 0.9e-9
"""Per hash of a text that a task looks through for those of its range. Each task looks through all texts."""
_GROUP_SECONDS: Final = 1e-6
"""Per document, in the driver: which texts are connected, and which document of each group counts."""

_RESULT_BYTES: Final = 384
"""Per document: its measured numbers, hashes and signature, on their way to the driver."""
_SIGNATURE_BYTES: Final = 336
"""Per distinct text, next to the catalog."""
_HASH_BYTES: Final = 4
_ALIKE: Final = 0.3
"""Share of the texts that have a hash in common with another. Assumed: it was 0.06 where the costs were measured."""
_PAIRS_BYTES: Final = 4_400
"""That a task of `pairs` reads per alike text: hashes, and most of the signatures. Measured with up to 32 ranges."""
_NODE_BYTES_PER_SECOND: Final = 1e9
"""What each node is assumed to read and write over the network, as on a link of 10 Gbit/s."""

_DRIVER_MEMORY: Final = 500_000_000
"""The driver and its queries in DuckDB, whose memory is limited to 256 MiB of that."""
_TEXT_MEMORY: Final = 1
_DUPLICATE_MEMORY: Final = 50
_ALIKE_MEMORY: Final = 8
"""Of a task of `pairs`, per alike text. A task of `shared` takes `_TEXT_MEMORY` per text."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Machines that are all alike.

    Attributes:
        nodes: number of machines.
        cores: cores of each.
        task_memory: bytes that a task reserves; one runs on each core.
    """

    nodes: int
    cores: int
    task_memory: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is to be counted.

    Attributes:
        documents: number of documents.
        distinct: share of them whose text differs from all others.
        core_seconds: seconds that reading and measuring all of it takes on one core.
    """

    documents: float
    distinct: float
    core_seconds: float


@dataclass(frozen=True, slots=True)
class ClusterNeed:
    """What an ingest takes on a cluster.

    Attributes:
        cluster: the cluster.
        catalogs: number of catalogs, of which each has as many texts as can be grouped. They are counted one after the
            other, and near-duplicates are found within each.
        seconds: phase -> seconds that it takes. ``measuring`` and ``counting`` take place at the same time, and so do
            ``comparing`` and ``moving``.
        task_memory: bytes of memory that a task needs, or reserves if that is more.
        work_bytes: bytes of the results that wait at once.
        shuffle_bytes: bytes that tasks and driver write to the shared folders and read from there. Re-reading texts of
            borderline similarity is left out: a sample does not show how many there are.
        driver_memory: bytes of memory of the driver.
    """

    cluster: Cluster
    catalogs: int
    seconds: Mapping[str, float]
    task_memory: float
    work_bytes: float
    shuffle_bytes: float
    driver_memory: float

    @property
    def elapsed(self) -> float:
        """Seconds from the first file to the last group."""
        given = self.seconds
        counted = max(given["measuring"], given["counting"])
        return _START_SECONDS + counted + max(given["comparing"], given["moving"]) + given["grouping"]

    @property
    def machine_hours(self) -> float:
        """Hours of all nodes together."""
        return self.cluster.nodes * self.elapsed / 3600

    @property
    def bottleneck(self) -> str:
        """The phase that takes longest."""
        return max(self.seconds, key=lambda phase: self.seconds[phase])

    def rows(self) -> Iterator[Row]:
        """Rows with the columns of `estimate`; the errors are unknown."""
        cluster, longest = self.cluster, self.bottleneck
        nodes = f"{format_number_of(cluster.nodes, 'node')} of {format_number_of(cluster.cores, 'core')}"
        yield _row("cluster_seconds", round(self.elapsed, 1), nodes)
        yield _row("machine_hours", round(self.machine_hours, 3), nodes)
        yield _row("bottleneck_seconds", round(self.seconds[longest], 1), f"{longest}: {_PHASES[longest]}")
        yield _row("work_bytes", round(self.work_bytes), "results that wait for the driver in the work folder")
        yield _row("shuffle_bytes", round(self.shuffle_bytes), "written to shared folders and read from there")
        task = f"{format_bytes(self.task_memory)} for a task on each core"
        yield _row("node_memory_bytes", round(cluster.cores * self.task_memory), task)
        yield _row("driver_memory_bytes", round(self.driver_memory), "the process that writes the catalog")
        yield _row("catalogs", self.catalogs, f"a catalog has at most {MOST_TEXTS:,} documents")


_PHASES: Final = {
    "measuring": "more nodes or cores shorten it",
    "counting": "the driver alone writes the catalog, and more nodes do not shorten it",
    "moving": "the network, which more nodes widen; the shared folder must keep up",
    "comparing": "more nodes or cores shorten it",
    "grouping": "the driver alone forms groups, and more nodes do not shorten it",
}


def _row(quantity: str, value: float, basis: str) -> Row:
    return {"quantity": quantity, "value": value, "low": None, "high": None, "basis": basis}


def cluster_need(corpus: Corpus, cluster: Cluster) -> ClusterNeed:
    """What an ingest of a corpus takes on a cluster."""
    catalogs = max(1, math.ceil(corpus.documents / MOST_TEXTS))
    documents, texts = corpus.documents / catalogs, corpus.documents * corpus.distinct / catalogs
    cores = cluster.nodes * cluster.cores
    alike = _ALIKE * texts
    scanned = BANDS * texts * len(key_ranges(math.ceil(texts)))
    paired = _PAIRS_BYTES * alike * len(key_ranges(math.ceil(alike)))
    shuffle = 2 * _RESULT_BYTES * documents + _SIGNATURE_BYTES * texts + _HASH_BYTES * scanned + paired
    phases = {
        "measuring": corpus.core_seconds / catalogs / cores,
        "counting": _IMPORT_SECONDS * documents,
        "moving": shuffle / (cluster.nodes * _NODE_BYTES_PER_SECOND),
        "comparing": (_COMPARE_SECONDS * texts + _SCAN_SECONDS * scanned) / cores,
        "grouping": _GROUP_SECONDS * documents,
    }
    return ClusterNeed(
        cluster,
        catalogs,
        {phase: catalogs * seconds for phase, seconds in phases.items()},
        max(cluster.task_memory, _TEXT_MEMORY * texts, _ALIKE_MEMORY * alike),
        _RESULT_BYTES * documents,
        catalogs * shuffle,
        _DRIVER_MEMORY + _TEXT_MEMORY * texts + _DUPLICATE_MEMORY * (documents - texts),
    )
