"""Published corpora: the registry, which corpora contain which, and the size of several together."""
