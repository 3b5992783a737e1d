-- What a file was read from, whether check sums cover it, and what is left out of it and of folders.
alter table store.files add column text_field varchar;     -- field that its texts are from; null without fields
alter table store.files add column checked boolean;        -- null: counted before this was noted
update store.files set text_field = s.text_field from store.sources s
where s.source = files.source and files.reader in ('jsonl', 'parquet', 'hub');
alter table store.sources add column text_rules varchar[] default [];    -- GLOB=NAME,NAME for some files
alter table store.left_out add column bytes bigint;        -- as stored; null if unknown
-- Parts of counted files that a rule left out, such as members of an archive.
create table store.omitted (
    file bigint not null, rule varchar not null, suffix varchar not null, number bigint not null, bytes bigint not null,
    example varchar not null
);
create or replace view store.whole as
select file, source, path, below, size, modified, content, reader, state, documents, bytes, bad_records, ingest,
       text_field, checked
from store.files where state <> 'staged';
