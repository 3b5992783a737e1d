"""Finding the tokenizers again that a source was counted with."""

from collections.abc import Iterable
from shlex import quote

import duckdb

from tokaudit.catalog.counted_files import CountedFile
from tokaudit.catalog.source_settings import CountedWith, stored_settings, tokenizers_of
from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.errors import TokauditError, UsageError
from tokaudit.core.progress import Notify
from tokaudit.core.store_readers import STORE_READERS
from tokaudit.core.token_ids import TokenIds
from tokaudit.measure.tokenizers.ids import token_ids
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.measure.tokenizers.resolve import resolve


def find_tokenizer(tokenizer: CountedWith, settings: SourceSettings, notify: Notify) -> Vocabulary:
    """The vocabulary that a source was counted with.

    Raises:
        UsageError: it is not where it was.
    """
    for name in tokenizer.asked:
        try:
            vocabulary = resolve(name, notify)
        except TokauditError:  # gone, or no network: another name may do
            continue
        if vocabulary.sha256 == tokenizer.sha256:
            return vocabulary
    source, domain = quote(settings.source), quote(settings.domain)
    raise UsageError(
        f"tokenizer {tokenizer.name!r} of source {settings.source!r} can't be found again; restore its file, or run"
        f" `tokaudit ingest PATH --domain {domain} --source {source} --tokenizer FILE --on-bad-record skip`"
    )


def store_vocabulary(connection: duckdb.DuckDBPyConnection, file: CountedFile, notify: Notify) -> Vocabulary:
    """The vocabulary that a store of token ids was counted with.

    Raises:
        UsageError: it is not where it was.
    """
    (tokenizer,) = tokenizers_of(connection, file.source, [file.number])
    return find_tokenizer(tokenizer, stored_settings(connection, file.source), notify)


def store_vocabularies(
    connection: duckdb.DuckDBPyConnection, files: Iterable[CountedFile], notify: Notify
) -> dict[int, TokenIds | UsageError]:
    """The vocabulary of each file that is a store of token ids, by the file's number; or why it can't be found.

    Args:
        connection: the catalog.
        files: files of any format.
        notify: hears what may take long.
    """
    found: dict[int, TokenIds | UsageError] = {}
    known: dict[str, TokenIds] = {}
    for file in files:
        if file.reader in STORE_READERS:
            try:
                vocabulary = store_vocabulary(connection, file, notify)
            except UsageError as error:
                found[file.number] = error
                continue
            if vocabulary.sha256 not in known:
                known[vocabulary.sha256] = token_ids(vocabulary)
            found[file.number] = known[vocabulary.sha256]
    return found
