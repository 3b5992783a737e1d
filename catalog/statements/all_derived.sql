-- All that is in has been derived: no group is stale (`store.disturbed` keeps an older name), and what comes is new.
delete from store.disturbed;
update store.derived set fresh = true, new_from = coalesce(
    -- What is staged is new once it is in.
    (select min(document) from store.documents semi join (from store.files where state = 'staged') using (file)),
    (select max(document) + 1 from store.documents),
    0
)
