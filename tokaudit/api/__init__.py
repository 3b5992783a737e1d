"""The Python door: the same functions as the command line, with frames and objects instead of text."""
