"""A stream in memory that is never styled."""

from io import StringIO


class PlainText(StringIO):
    """Text without styles, even where ``$FORCE_COLOR`` asks for them, as it does in the kernels of notebooks."""
