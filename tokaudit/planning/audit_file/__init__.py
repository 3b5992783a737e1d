"""An audit in a file: ``tokaudit.toml`` is read and checked, and its sources and plans are made anew."""
