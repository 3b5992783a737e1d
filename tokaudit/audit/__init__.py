"""What a catalog says: supply, overlap, duplicates, errors, and a source beside the corpus it should be."""
