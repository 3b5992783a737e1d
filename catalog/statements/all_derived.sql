-- Notes that all groups are derived: none is stale (`store.disturbed` keeps its older name), and no `forget` is
-- unfinished. What comes next is new.
delete from store.disturbed;
delete from store.forgotten;
update store.derived set fresh = true, new_from = coalesce(
    -- Staged documents are new once their file is complete.
    (select min(document) from store.documents semi join (from store.files where state = 'staged') using (file)),
    (select max(document) + 1 from store.documents),
    0
)
