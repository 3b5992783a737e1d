"""Runs datatrove in its own environment: it counts tokens, or finds near-duplicates in four stages.

    python peer_datatrove.py tokens|minhash FOLDER_OF_JSONL FOLDER_FOR_WORK TOKENIZER.json

Settings follow its documentation: 14 buckets of 8 hashes, 5-grams, English words; two tasks on two workers.
"""

import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.tokens import TokensCounter
from datatrove.pipeline.writers import JsonlWriter

TASKS = 2


def main(what: str, documents: str, work: Path, tokenizer: str) -> None:
    """Run all stages, one after the other."""
    lines = {"data_folder": documents, "glob_pattern": "*.jsonl"}
    config = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8)
    signatures, buckets, removed = (str(work / name) for name in ("signatures", "buckets", "removed"))
    stages = {
        "tokens": [(TASKS, [JsonlReader(**lines), TokensCounter(tokenizer)])],
        "minhash": [
            (TASKS, [JsonlReader(**lines), MinhashDedupSignature(signatures, config=config)]),
            (config.num_buckets, [MinhashDedupBuckets(signatures, buckets, config=config)]),
            (1, [MinhashDedupCluster(buckets, removed, config=config)]),
            (TASKS, [JsonlReader(**lines), MinhashDedupFilter(removed), JsonlWriter(str(work / "kept"))]),
        ],
    }
    for number, (tasks, pipeline) in enumerate(stages[what]):
        logs = str(work / f"logs-{what}-{number}")
        # Forked workers are children of this process, so their CPU seconds are counted.
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=TASKS, logging_dir=logs, start_method="fork").run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4])
