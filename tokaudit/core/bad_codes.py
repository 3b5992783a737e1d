"""The codes of records and files that can't be counted, with their causes and remedies.

A code is stable: programs compare it. `tokaudit explain` shows these texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

BadCode = Literal[
    "malformed",
    "encoding",
    "no_text",
    "null_text",
    "text_type",
    "cut",
    "corrupt",
    "wrong_format",
    "unreadable",
    "extraction_failed",
    "too_long_for_tokenizer",
    "too_large",
    "label_too_long",
    "unsafe_name",
    "nested_archive",
    "bad_id",
    "no_index",
    "encrypted",
    "missing_part",
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, how it usually comes about, and what to do."""

    meaning: str
    cause: str
    remedy: str


EXPLANATIONS: Final[Mapping[BadCode, Explanation]] = {
    "malformed": Explanation(
        "The record does not follow the rules of its format, for example a line that is not valid JSON.",
        "A writer that was stopped, lines that were joined or split, or text that was pasted without escaping.",
        "Write the record again from its origin. With --on-bad-record skip, the other records are counted.",
    ),
    "encoding": Explanation(
        "The bytes are not valid UTF-8.",
        "Text in another encoding, such as Latin-1 or UTF-16, or a damaged byte.",
        "Convert the file, for example with `iconv -f LATIN1 -t UTF-8`.",
    ),
    "no_text": Explanation(
        "The record or file has no field or column with the text.",
        "The text is in a field of another name, or the file contains something else.",
        "Name the field with --text-field, or leave the file out with --exclude.",
    ),
    "null_text": Explanation(
        "The field with the text is null.",
        "A record whose text was removed or never fetched.",
        "Remove the record, or pass --on-bad-record skip.",
    ),
    "text_type": Explanation(
        "The field with the text contains something else, such as a number or a list.",
        "A list of strings or of chat messages, or the wrong field.",
        "For a list of strings, pass --text-field 'NAME[]'; for a chat, 'messages[].content'.",
    ),
    "cut": Explanation(
        "The file ends too early.",
        "A download or a copy that was broken off, or a file that is still being written.",
        "Fetch the file again, then run the ingest again.",
    ),
    "corrupt": Explanation(
        "The bytes of the file contradict its format or its check sums.",
        "A damaged disk, a faulty transfer, or a program that changed the file in place.",
        "Fetch the file again, then run the ingest again.",
    ),
    "wrong_format": Explanation(
        "The content of the file is not what its name says.",
        "A renamed file, an error page in place of a download, or a format that tokaudit does not read.",
        "Rename the file, name its reader with --reader, or leave it out with --exclude.",
    ),
    "unreadable": Explanation(
        "The system refused to read the file.",
        "Missing permission, a file that was removed meanwhile, or a remote store that did not answer.",
        "Give permission or restore the file, then run `tokaudit retry`.",
    ),
    "extraction_failed": Explanation(
        "The text of the page or book could not be extracted: the extractor failed, crashed, or took too long.",
        "A page that was made to harm programs, or a fault of the extractor.",
        "Leave the page out with --on-bad-record skip. If it is a common page, report it to the extractor's authors.",
    ),
    "too_long_for_tokenizer": Explanation(
        "The text is too long for the tokenizer, and there is no place to cut it into pieces.",
        "Megabytes of text without a blank, such as encoded binary data.",
        "Split the document, or leave it out.",
    ),
    "too_large": Explanation(
        "A record or file is larger than a limit allows.",
        "A decompression bomb, or a huge record such as a whole corpus in one document.",
        "If the file can be trusted, raise the limit that the message names, such as --limit record=1GiB.",
    ),
    "label_too_long": Explanation(
        "A label of the document is longer than a limit allows.",
        "A field that is not a label, such as a text or a list of all links of a page.",
        "Name another field with --label, or pass --limit label=SIZE.",
    ),
    "unsafe_name": Explanation(
        "A member of an archive has an absolute name, or one that leads out of the archive with `..`.",
        "An archive that was made to overwrite files, or with absolute paths.",
        "Make the archive again with relative names. tokaudit never writes members to disk.",
    ),
    "nested_archive": Explanation(
        "An archive contains another archive, which is not opened.",
        "Archives that were packed together.",
        "Unpack the outer archive and name the folder.",
    ),
    "bad_id": Explanation(
        "A token id is outside of the vocabulary of the tokenizer.",
        "The store was made with another tokenizer, or its ids have another width.",
        "Name the tokenizer that made the store with --tokenizer.",
    ),
    "no_index": Explanation(
        "A store of token ids has no index of its documents, or the index of another store.",
        "Only one of two files that belong together was copied.",
        "Put the index next to the store.",
    ),
    "encrypted": Explanation(
        "The book is encrypted.",
        "A protected copy from a shop or a library. Scrambled fonts alone are no hindrance.",
        "Get a copy without protection, or leave the book out with --exclude.",
    ),
    "missing_part": Explanation(
        "The book names a part that is not in its archive.",
        "A book that was changed or packed by hand, or a program that made wrong names.",
        "Fetch the book again, or pass --on-bad-record skip.",
    ),
}
"""Code -> its explanation; one for every code."""
