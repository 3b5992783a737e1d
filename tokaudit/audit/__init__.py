"""What a catalog says: supply, overlap, duplicates, errors, and a source next to the corpus it should be."""
