-- All texts are to be compared anew: what was found by their signatures is forgotten, and the groups that it made.
insert into store.disturbed
select distinct unnest([a_hi, b_hi]), unnest([a_lo, b_lo]) from store.similarities where candidate;
delete from store.similarities where candidate;
delete from store.crowded;
update store.fragments set probed = false;
update store.derived set fresh = false;
