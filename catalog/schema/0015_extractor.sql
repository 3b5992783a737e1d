-- How the text of pages and books was extracted: library, version and settings.
alter table store.files add column extractor varchar;      -- null: no pages
create or replace view store.whole as
select file, source, path, below, size, modified, content, reader, state, documents, bytes, bad_records, ingest,
       text_field, checked, extractor
from store.files where state <> 'staged';
