"""Figures as other blocks: resiliparse takes `<figure>` for a picture and drops it with all text in it.

It is any content with a caption: tables of WordPress and of papers, listings, quotations. Pictures have no text anyway.
"""

import re
from typing import Final

_FIGURE: Final = re.compile(r"<(/?)fig(?:ure|caption)(?=[\s>/])", re.IGNORECASE)


def figures_as_blocks(html: str) -> str:
    """The page with `<div>` for each figure and each caption."""
    return _FIGURE.sub(r"<\1div", html)
