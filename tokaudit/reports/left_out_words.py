"""Short names of what was left out or could not be read, for people who know no rules and codes."""

from collections.abc import Mapping
from typing import Final

LEFT_OUT: Final[Mapping[str, str]] = {
    "hidden": "hidden files",
    "about_data": "files about the data",
    "page_assets": "scripts, styles and feeds of pages",
    "excluded": "excluded by --exclude or --include",
    "vcs": "folders of version control",
    "binary": "binary files",
    "data": "data among source code",
    "unclaimed": "files that no reader takes",
    "unknown_format": "files of an unknown format",
    "unreadable": "unreadable files and folders",
    "no_text": "pages and books without text",
    "record_type": "crawl records that are not pages",
    "status": "failed answers of servers",
    "media_type": "crawl records that are not text",
    "robots": "robots.txt",
    "address": "crawl records without a web address",
    "empty": "empty crawl records",
    "link": "symbolic links",
    "special": "pipes, sockets and devices",
    "name": "names that are not UTF-8",
}
"""Rule -> what it leaves out."""

BAD_RECORDS: Final[Mapping[str, str]] = {
    "malformed": "malformed records",
    "encoding": "text that is not UTF-8",
    "no_text": "records without a text field",
    "null_text": "records whose text is null",
    "text_type": "records whose text is not text",
    "cut": "files or records that are cut off",
    "corrupt": "corrupt files",
    "wrong_format": "files of another format than their name says",
    "unreadable": "files that could not be read",
    "extraction_failed": "pages whose text could not be extracted",
    "too_long_for_tokenizer": "texts too long for the tokenizer",
    "too_large": "records over a limit of size",
    "label_too_long": "documents with a label over a limit of size",
    "unsafe_name": "archive members with unsafe names",
    "nested_archive": "archives inside archives",
    "bad_id": "token ids outside of the vocabulary",
    "no_index": "token stores without an index",
    "encrypted": "encrypted books",
    "missing_part": "books with a missing part",
}
"""Code -> the bad records that have it."""
