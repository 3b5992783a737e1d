"""Which texts are equal, and which may be nearly equal: Arrow text to keys."""
