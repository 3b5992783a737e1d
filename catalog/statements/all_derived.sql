-- Notes that all groups are derived: none is stale (`store.disturbed` keeps its older name), and no `forget` is
-- unfinished. What comes next is new.
delete from store.disturbed;
delete from store.forgotten;
update store.derived set fresh = true, new_from = coalesce(
    -- Staged documents, which are never in a Parquet file, are new once their input file is complete.
    (select min(document) from store.documents_here semi join (from store.files where state = 'staged') using (file)),
    greatest((select max(document) from store.documents_here), (select max(last_document) from store.row_files)) + 1,
    0
)
