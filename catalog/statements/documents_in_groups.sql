-- Documents in a group with a label's value, in the order that decides who is kept. All others count whatever the row.
-- params: $label VARCHAR
select d.document, dense_rank() over (order by coalesce(l.value, '')) - 1 as value, d.key_hi, d.key_lo
from store.members
join store.documents d using (document)
join store.whole f using (file)
left join store.labels l on l.document = d.document and l.name = $label
order by f.source, f.below, d.ordinal, f.path
