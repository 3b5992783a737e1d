-- Notes that all groups are derived: none is stale (`store.disturbed` keeps its older name). What comes next is new.
delete from store.disturbed;
update store.derived set fresh = true, new_from = coalesce(
    -- Staged documents are new once their file is complete.
    (select min(document) from store.documents semi join (from store.files where state = 'staged') using (file)),
    (select max(document) + 1 from store.documents),
    0
)
