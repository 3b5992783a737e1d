"""Records of web archives, WARC and ARC: where they begin and end, and which of them are documents."""
