-- Number of the first document that came in after groups were last derived: from it on, none is in a group yet.
alter table store.derived add column new_from bigint;
update store.derived set new_from =
    case when fresh then (select coalesce(max(document) + 1, 0) from store.documents) else 0 end;
