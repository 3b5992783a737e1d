-- Forgets all pairs that signatures proposed, and marks their groups stale: every text is compared again.
insert into store.disturbed
select distinct unnest([a_hi, b_hi]), unnest([a_lo, b_lo]) from store.similarities where candidate;
delete from store.similarities where candidate;
delete from store.crowded;
update store.fragments set probed = false;
update store.derived set fresh = false;
