"""Fingerprints of texts: keys for exact duplicates, signatures and shingles for near-duplicates."""
