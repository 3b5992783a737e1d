-- Documents in a group, with the value of a label, in the order that decides which is kept. Documents in no group count
-- in every row.
-- params: $label VARCHAR
select d.document, dense_rank() over (order by coalesce(l.value, '')) - 1 as value, d.key_hi, d.key_lo
from store.members
join store.documents d using (document)
join store.whole f using (file)
left join store.labels l on l.document = d.document and l.name = $label
order by f.source, f.below, d.ordinal, f.path
