"""What keeps a page from loading anything and from running other scripts: a policy by hashes, and JSON as data."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any, Final

from tokaudit.reports.json_text import to_json

_ESCAPED: Final = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}
"""Characters that end a script or begin a comment in HTML, or end a line in JavaScript."""


def json_in_html(document: Any) -> str:
    """A document as JSON that can stand in a ``<script type="application/json">``."""
    return to_json(document, indent=False).translate(_ESCAPED)


def content_policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """The Content-Security-Policy of a page that runs these scripts and styles, as they stand in it, and nothing else.

    Nothing is loaded from anywhere, no form is sent, and no text is run as a script.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
