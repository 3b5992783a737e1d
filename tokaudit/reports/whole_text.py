"""A text of the user's own as output: byte for byte for programs, harmless on a terminal."""

from typing import TextIO

from tokaudit.core.printable import printable


def write_text(text: str, stream: TextIO) -> None:
    """Write a text.

    A terminal gets it with control characters escaped, except line breaks and tabs, and a line break at its end.
    Anything else gets its bytes in UTF-8, whatever the encoding of the stream, and nothing more.
    """
    if stream.isatty():
        print(harmless(text.removesuffix("\n")), file=stream)
        return
    buffer = getattr(stream, "buffer", None)
    if buffer is None:  # a stream in memory
        stream.write(text)
        return
    stream.flush()
    buffer.write(text.encode())
    buffer.flush()


def harmless(text: str) -> str:
    """The text with control characters escaped, except line breaks and tabs, so that it can't control a terminal."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in lines)
