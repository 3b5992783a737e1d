"""What is published of corpora: the registry, who holds whose text, and how much several hold together."""
