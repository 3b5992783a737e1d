"""How an ingest runs: request, selection, changes, batches, commits; and an estimate of what it would take."""
