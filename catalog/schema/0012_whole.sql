-- Files that are complete. Every question to the catalog reads these.
create or replace view store.whole as
select file, source, path, below, size, modified, content, reader, state, documents, bytes, bad_records, ingest
from store.files where state <> 'staged';

-- Members of the whole catalog's groups that contain more than one document. The kept document has kind 'kept'.
create or replace view store.members as
select document, kept, similarity, kind from store.uncounted where scope = 'catalog'
union all
select distinct kept, kept, 1.0, 'kept' from store.uncounted where scope = 'catalog';
