"""The rules that leave out paths of a folder and parts of a file, with what to do to count them all the same.

A rule's name is stable: programs compare it. `tokaudit explain` shows these texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule leaves out.

    Attributes:
        meaning: what it leaves out, in one sentence.
        remedy: what to do to count it all the same.
        incomplete: whether text may be missing because of it, so that the numbers are not of all the input.
        of_records: whether the parts of files that it leaves out are records, and not members of an archive.
    """

    meaning: str
    remedy: str
    incomplete: bool = False
    of_records: bool = False


_NAME_IT: Final = "Name the file itself: a file that is named is always counted."

RULES: Final[Mapping[str, Rule]] = {
    "hidden": Rule("The name begins with `.` or `_`.", _NAME_IT),
    "about_data": Rule(
        "The file describes data and is not data: a data card, a licence, metadata or attributes.", _NAME_IT
    ),
    "page_assets": Rule(
        "The file belongs to pages next to it: a script, a style, a feed or a site map.",
        _NAME_IT,
    ),
    "excluded": Rule(
        "A glob that was given leaves it out.",
        "Run the ingest with another --exclude or --include.",
    ),
    "vcs": Rule(
        "The folder belongs to a version-control system, such as `.git`.",
        "Name a folder inside it. Its history is compressed, so there is rarely text to count.",
    ),
    "binary": Rule(
        "The file is not text: it has the suffix of a binary format, or contains a zero byte.",
        "If it is text, convert it to UTF-8.",
    ),
    "data": Rule(
        "The file contains data in a tree of source code.",
        "Name the file itself, or ingest its folder under another domain.",
    ),
    "unclaimed": Rule(
        "The file looks like text or data, but no reader takes it.",
        "Name its reader with --reader, convert it, or leave it out with --exclude.",
        incomplete=True,
    ),
    "unknown_format": Rule(
        "No reader takes the file. Older versions used this rule for every such file, text or not.",
        "Name its reader with --reader, or convert it.",
    ),
    "unreadable": Rule(
        "The system refused to list the folder or to read the file.",
        "Give permission to read it, then run the ingest again.",
        incomplete=True,
    ),
    "no_text": Rule(
        "The page or book has no text after extraction, such as a page of frames, scripts or pictures.",
        "Ingest it into another --catalog with --clean none, which counts all visible text. What is left out even then"
        " has its text in scripts or pictures.",
        of_records=True,
    ),
    "record_type": Rule(
        "The record of the crawl is about a page and is not one: a request, a revisit, or metadata such as in WAT.",
        "Name another file: the pages are in response records (WARC), and their text is in conversion records (WET).",
        of_records=True,
    ),
    "status": Rule(
        "The server answered with another status than success, such as 301 or 404, so the page is not what was asked.",
        "Nothing needs to be done. To count error pages, store them as HTML files.",
        of_records=True,
    ),
    "media_type": Rule(
        "The record of the crawl is not HTML, XHTML or plain text, as the server or its bytes say, such as a PDF.",
        "Extract the text with another program, and ingest it as text.",
        of_records=True,
    ),
    "robots": Rule(
        "The record of the crawl is a robots.txt, which tells crawlers what to leave alone.",
        "Nothing needs to be done: it is not a text.",
        of_records=True,
    ),
    "address": Rule(
        "The record of the crawl has an address that is not http or https, such as a log of the crawler.",
        "Store the record as a text file.",
        of_records=True,
    ),
    "empty": Rule(
        "The record of the crawl has no bytes, such as the body of a response with the status 204.",
        "Nothing needs to be done: there is no text.",
        of_records=True,
    ),
    "link": Rule("It is a symbolic link, which may lead out of the folder or in a circle.", "Name what it leads to."),
    "special": Rule(
        "It is not a regular file: a pipe, a socket or a device, which may never end.",
        "Copy what it contains to a file.",
    ),
    "name": Rule("Its name is not valid UTF-8, so the catalog can't store it.", "Rename it."),
}
"""Rule -> what it leaves out; one for every rule."""
