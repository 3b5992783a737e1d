"""The Python interface: the same functions that the commands call, with Python's values and names."""
