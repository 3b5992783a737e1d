-- What may be asked of the catalog is asked of files that are all in.
create or replace view store.whole as
select file, source, path, below, size, modified, content, reader, state, documents, bytes, bad_records, ingest
from store.files where state <> 'staged';

-- Members of the groups of the whole catalog that hold more than one document; the kept one has kind 'kept'.
create or replace view store.members as
select document, kept, similarity, kind from store.uncounted where scope = 'catalog'
union all
select distinct kept, kept, 1.0, 'kept' from store.uncounted where scope = 'catalog';
