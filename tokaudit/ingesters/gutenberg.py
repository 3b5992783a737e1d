"""The header, licence and credits of Project Gutenberg around the text of a book, in their wordings since 1991.

A book may quote all of these words. So a mark counts only at the start of a line, in the first or last part of the
text, and with other words of the header or licence around it. What is not sure stays in the text.
"""

import re
from typing import Final

_HEAD: Final = 40_000
_TAIL: Final = 30_000
# Headers have up to 25,000 characters, licences up to 20,000. Only so many at either end of a text are searched.
_OPENING: Final = 3000
_LONGEST_MARK: Final = 500
_LONGEST_CREDIT: Final = 1500
_MOST_CREDITS: Final = 8
_AFTER: Final = 2000
_SHORT: Final = 500

_NAME: Final = r"Proje[ck]t Gutenberg"
_I: Final = re.MULTILINE | re.IGNORECASE

# The first lines of an edition: "The Project Gutenberg EBook of X", "**The Project Gutenberg Etext of X**".
_EDITION: Final = re.compile(
    rf"^[ \t\ufeff*_]*(?:(?:This is )?(?:The|An?) )?{_NAME}(?:['\u2019]s|\u2122|-tm)?"
    r"(?: (?:of )?(?:Australia|Canada)(?:['\u2019]s)?)?(?: Library)?(?: e-?books?| e-?texts?| edition| of|,|$)"
    r"|^[ \t\ufeff]*This e-?(?:book|text) is for the use of anyone anywhere"
    rf"|^[^\n]{{3,120}} [-|] {_NAME}|^[ \t\ufeff]*{_NAME}['\u2019]s [A-Z]"
    r"|\A[\s\ufeff]*\*+ ?(?:START OF|END\*? ?THE SMALL PRINT!)",
    _I,
)
_START: Final = re.compile(rf"^[ \t\ufeff]*\*{{2,5}} ?START OF (?:(?:THE|THIS) )?(?:COPYRIGHTED )?{_NAME}", _I)
_SMALL_PRINT: Final = re.compile(r"^[ \t]*\*+ ?END ?\*? ?(?:OF )?(?:THE )?SMALL PRINT!?", _I)
_SMALL_PRINT_BEGINS: Final = re.compile(r"^[ \t]*\*+ ?START ?\**(?:OF )? ?(?:THE )?SMALL PRINT", _I)
# The last sentence of headers without a mark, from 2002 and 2003.
_LAST_SENTENCE: Final = re.compile(
    r"\btells you about restrictions in how\s{1,3}(?:the|this) file may be used\.[^\n]{0,100}\n?"
    r'|^\["Small Print" V\.[^\n]{0,100}\n',
    _I,
)
_AUSTRALIA: Final = re.compile(rf"^[ \t*]*(?:A )?{_NAME} (?:of )?Australia e-?book", _I)
_AUSTRALIA_ENDS: Final = re.compile(
    r"^[^\n]{0,120}gutenberg\.net\.au/licen[cs]e[^\n]{0,40}\n"
    r"|^(?:To contact|GO TO) Project Gutenberg (?:of )?Australia[^\n]{0,80}\n",
    _I,
)
_CANADA: Final = re.compile(rf"^[ \t*]*(?:A )?{_NAME} Canada e-?book", _I)
_CANADA_ENDS: Final = re.compile(rf"^[ \t]*{_NAME} Canada e-?book #\d[^\n]{{0,40}}\n", _I)

_SENTENCE: Final = re.compile(r"[a-z]{2}[.!?]\s")
_CREDIT: Final = re.compile(
    r"\A(?:(?:\[?This )?(?:Project Gutenberg )?(?:e-?text|e-?book|eBook|etext)(?: edition)? (?:was |is )?(?:first )?"
    r"(?:prepared|produced|transcribed|typed|scanned|created|provided|entered|converted|proofed|proofread)\b"
    r"|Credits: |\[Portions of this header are copyright|\[?Note: Project Gutenberg (?:also )?has"
    r"|(?:Nous remercions|We thank) la Biblioth[eè]que|Ce document fut pr[eé]sent[eé] en lecture"
    r"|(?:\**The )?Project Gutenberg(?:['\u2019]s)? (?:e-?book|e-?text)(?:,| of)"
    r"|\**This is a COPYRIGHTED Project Gutenberg)",
    re.IGNORECASE,
)
# "Produced by A. Person", but not a sentence that begins so:
# a capital letter follows, and the last word has one, too.
_PRODUCED: Final = re.compile(
    r"(?:Text file |H[Tt][Mm][Ll] (?:version |file )?|E-?[Tt]ext |Digital edition )?"
    r"(?:[Pp]roduced|[Pp]repared|[Tt]ranscribed|[Ss]canned|[Tt]yped|[Pp]roofed|[Pp]roofread|Digitized|[Ee]ntered)"
    r"(?:,? (?:and|&) [a-z]+(?:-[a-z]+)?)?\s(?:by|from|for)[\s:]\s{0,9}"
    r"(?:the |an? |\d|[\"\u201c(\[]|[A-Z\u00c0-\u00de])"
)
_SENTENCE_ENDS: Final = re.compile(r"\s[a-z]\S{0,40}[.!?]\s*\Z")
_CREDIT_INSIDE: Final = re.compile(
    r"Distributed Proofread|pgdp(?:canada)?\.net|gutenberg\.spiegel\.de|gutenberg2000\.de|produced from "
    r"(?:images|scans) (?:made |generously )?(?:made )?available",
    re.IGNORECASE,
)

_END: Final = re.compile(rf"^[ \t]*\*{{2,5}} ?END OF (?:(?:THE|THIS) )?(?:COPYRIGHTED )?{_NAME}", _I)
_LICENCE: Final = re.compile(
    r"^[ \t]*\*{2,5} ?START: FULL LICENSE|^[ \t]*THE FULL PROJECT GUTENBERG(?:-tm|\u2122|\(TM\))? LICENSE"
    r"|^[ \t]*\*{3,6} ?This file should be named |^[ \t]*Updated editions will replace the previous one",
    _I,
)
_CLOSING: Final = re.compile(
    r"^[ \t*_\[]*(?:The )?(?:End|Ende|Fin|Fine|Fim|Einde|Slut|Loppu)\b(?: [a-z]{2,7}(?: [a-z]{2,4})?| d['\u2019])??"
    r" (?:Proje[ck]t|Projet|Projecte|Progetto|Projeto) Gutenberg"
    r"(?:['\u2019]s| of| e-?book| e-?text|-e(?:book|text)|,| Canada| (?:of )?Australia|\.?[ \t]*$)"
    r"|^[ \t]*Ende (?:dieses|diese) (?:e-?text|e-?book)es|^[ \t]*\**This is a COPYRIGHTED Project Gutenberg E"
    r"|^[ \t]*This site is full of FREE ebooks - Project Gutenberg",
    _I,
)
_CANADA_CLOSING: Final = re.compile(r"^[ \t]*\[End of [^\]]{1,300}\]\s*\Z", _I)
_AFTER_THE_BOOK: Final = re.compile(
    r"should be named|associated files|Updated editions|gutenberg\.(?:org|net)|FULL (?:PROJECT GUTENBERG )?LICENSE|"
    r"small print|Gutenberg-tm|Gutenberg\u2122|Project Gutenberg Literary|COPYRIGHTED Project|"
    r"(?-i:PROJECT GUTENBERG E)",
    re.IGNORECASE,
)
_BLANK: Final = re.compile(r"\s*")
_PARAGRAPH_END: Final = re.compile(r"\n[ \t\r]*\n|\Z")


def strip_gutenberg(text: str) -> str:
    """The book without header, credits and licence of Project Gutenberg; a text without them is unchanged.

    The time is linear, because only the two ends of the text are searched.
    """
    begin, edition = _begin(text[:_HEAD])
    end = _end(text[max(begin, len(text) - _TAIL) :], edition)
    return text[begin : len(text) - end]


def _begin(head: str) -> tuple[int, str]:
    """Where the book begins, and which edition it is: ``org``, ``canada`` or another; empty if it shows no header."""
    opening = head[:_OPENING]
    first = _EDITION.search(opening)
    if not first or _SENTENCE.search(opening, 0, first.start()):
        return 0, ""
    for edition, mark, ends in (("australia", _AUSTRALIA, _AUSTRALIA_ENDS), ("canada", _CANADA, _CANADA_ENDS)):
        if mark.search(opening):
            found = [each.end() for each in ends.finditer(head, 0, 2 * _OPENING)]
            if found:
                return _skip_credits(head, found[-1]), edition
    begin = _after_start(head, _START.search(head))
    small = _SMALL_PRINT_BEGINS.search(head, begin, begin + _LONGEST_CREDIT) if begin else None
    if not begin and (last := _LAST_SENTENCE.search(head)):
        begin = last.end()
    elif not begin or small:
        print_ends = _SMALL_PRINT.search(head, begin)
        if print_ends and not _CLOSING.search(head, begin, print_ends.start()):  # else it is after the book
            begin = _after_start(head, print_ends) or begin
    return (_skip_credits(head, begin) if begin else 0), "org"


def _after_start(head: str, mark: re.Match[str] | None) -> int:
    """The place behind a mark that ends the header, which may span lines; 0 if there is none, or no end of it."""
    if mark is None:
        return 0
    line = head.find("\n", mark.end())
    line = len(head) if line < 0 else line + 1
    paragraph = _PARAGRAPH_END.search(head, mark.end()).start()  # type: ignore[union-attr] # \Z always matches
    closing = head.find("*", mark.end(), min(paragraph, mark.end() + _LONGEST_MARK))
    if closing < 0:
        return line if line - mark.end() <= _LONGEST_MARK else 0
    line = head.find("\n", closing)
    line = len(head) if line < 0 else line + 1
    if line - closing <= _LONGEST_MARK:
        return line
    while head[closing : closing + 1] == "*":  # a text without lines
        closing += 1
    return closing


def _skip_credits(head: str, begin: int) -> int:
    """The place behind the paragraphs that say who made the edition; `begin` if there are none."""
    for _ in range(_MOST_CREDITS):
        start = _BLANK.match(head, begin).end()  # type: ignore[union-attr] # it always matches
        end = _PARAGRAPH_END.search(head, start).end()  # type: ignore[union-attr]
        paragraph = head[start:end]
        if len(paragraph) > _LONGEST_CREDIT or not _is_credit(paragraph):
            break
        begin = end
    return begin


def _is_credit(paragraph: str) -> bool:
    if _CREDIT.match(paragraph) or _CREDIT_INSIDE.search(paragraph):
        return True
    return _PRODUCED.match(paragraph) is not None and not _SENTENCE_ENDS.search(paragraph)


def _end(tail: str, edition: str) -> int:
    """Characters after the book."""
    end = len(tail)
    marks = [mark.start() for mark in _END.finditer(tail)]
    licence = _LICENCE.search(tail)
    if marks and _is_after(tail, marks[-1], edition):
        end = marks[-1]
    elif licence and _AFTER_THE_BOOK.search(tail, licence.end(), licence.end() + _AFTER):
        end = licence.start()
    elif edition == "canada" and (mark := _CANADA_CLOSING.search(tail)):
        return len(tail) - mark.start()
    for mark in reversed(list(_CLOSING.finditer(tail, 0, end))[-_MOST_CREDITS:]):
        last = not tail[_PARAGRAPH_END.search(tail, mark.end()).end() : end].strip()  # type: ignore[union-attr]
        if last or (end == len(tail) and _is_after(tail, mark.start(), edition)):
            end = mark.start()
            break
    return len(tail) - end


def _is_after(tail: str, mark: int, edition: str) -> bool:
    """Whether what follows a mark is the end of the text, or words of a licence."""
    after = _PARAGRAPH_END.search(tail, mark).end()  # type: ignore[union-attr]
    rest = tail[after:]
    if not rest.strip() or (edition and len(rest) <= _SHORT):
        return True
    line = tail.find("\n", mark)
    if line < 0:
        return False
    if edition or tail.startswith("*", mark):
        return _AFTER_THE_BOOK.search(tail, line, line + _AFTER) is not None
    return len({words.group().lower() for words in _AFTER_THE_BOOK.finditer(tail, line)}) > 1
