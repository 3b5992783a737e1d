"""Files cut into shards, which other processes measure by themselves, and their results put together."""
