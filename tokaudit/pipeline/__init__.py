"""How an ingest runs: request, selection, changes, batches, commits; and what it would take, beforehand."""
