"""Pages opened in a browser: what they say on its console, ask of the network, and show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Dialog, Page


@dataclass(frozen=True, slots=True)
class Opened:
    """A page in a browser.

    Attributes:
        page: the page, with all of its charts drawn.
        said: messages on the console, errors that were not caught, and texts of dialogs.
        asked: addresses that were asked for, but for the page itself.
    """

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def value(self, expression: str) -> Any:
        """The value of an expression of JavaScript."""
        return self.page.evaluate(expression)


def _dismissed(found: Opened) -> Callable[[Dialog], None]:
    """A listener that notes a dialog and closes it."""

    def dismiss(dialog: Dialog) -> None:
        found.said.append(f"dialog {dialog.message}")
        dialog.dismiss()

    return dismiss


@contextmanager
def opened(
    browser: Browser,
    file: Path,
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Opened]:
    """A file as a page in a window of this width, once all charts are drawn."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = Opened(page)
    address = file.as_uri()
    page.on("console", lambda message: found.said.append(message.text))
    page.on("pageerror", lambda error: found.said.append(str(error)))
    page.on("dialog", _dismissed(found))
    page.on("request", lambda request: None if request.url == address else found.asked.append(request.url))
    try:
        page.goto(address)
        page.wait_for_selector("html[data-drawn]", state="attached")
        yield found
    finally:
        page.close()
