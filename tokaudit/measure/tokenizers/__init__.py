"""Token counts: vocabularies by name, and counters that agree with the reference."""
