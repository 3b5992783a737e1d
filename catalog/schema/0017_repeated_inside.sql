-- Repetition inside documents: bytes of lines or paragraphs that occurred in the document before.
alter table store.documents add column bytes_repeated_inside bigint;   -- null: token ids, or counted before this
alter table store.sources add column repeat_length bigint;     -- characters of the shortest that count; null: not measured
