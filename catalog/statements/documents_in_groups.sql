-- Documents in a group, with a number for the values of up to four labels, in the order that decides which is kept.
-- Documents in no group count in every row.
-- params: $labels VARCHAR[]
select d.document,
       dense_rank() over (order by coalesce(l1.value, ''), coalesce(l2.value, ''), coalesce(l3.value, ''),
                                   coalesce(l4.value, '')) - 1 as value,
       d.key_hi, d.key_lo
from store.members
join store.documents d using (document)
join store.whole f using (file)
left join store.labels l1 on l1.document = d.document and l1.name = $labels[1]
left join store.labels l2 on l2.document = d.document and l2.name = $labels[2]
left join store.labels l3 on l3.document = d.document and l3.name = $labels[3]
left join store.labels l4 on l4.document = d.document and l4.name = $labels[4]
order by f.source, f.below, d.ordinal, f.path
