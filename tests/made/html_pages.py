"""HTML as a parser reads it."""

from html.parser import HTMLParser


class Shape(HTMLParser):
    """The text of a page, and whether each element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        """Close the element opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.texts.append(data)


def read(page: str) -> Shape:
    """The page, whose elements must be closed in order and load nothing."""
    shape = Shape()
    shape.feed(page)
    shape.close()
    assert shape.open == []
    assert shape.attributes <= {"style"}
    return shape
