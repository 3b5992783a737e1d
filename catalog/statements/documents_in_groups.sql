-- Documents in a group, with a number for the values of up to four keys (domain, source or labels; '' is no key), in the
-- order that decides which is kept. Documents in no group count in every row. If $filtered, only those in `incoming`.
-- params: $keys VARCHAR[], $filtered BOOLEAN
with valued as (
    select d.document, d.key_hi, d.key_lo, f.source, f.below, d.ordinal, f.path,
           case $keys[1] when 'domain' then s.domain when 'source' then s.source else coalesce(l1.value, '') end as key_1,
           case $keys[2] when 'domain' then s.domain when 'source' then s.source else coalesce(l2.value, '') end as key_2,
           case $keys[3] when 'domain' then s.domain when 'source' then s.source else coalesce(l3.value, '') end as key_3,
           case $keys[4] when 'domain' then s.domain when 'source' then s.source else coalesce(l4.value, '') end as key_4
    from store.members
    join store.documents d using (document)
    join store.whole f using (file)
    join store.sources s using (source)
    left join store.labels l1 on l1.document = d.document and l1.name = $keys[1]
    left join store.labels l2 on l2.document = d.document and l2.name = $keys[2]
    left join store.labels l3 on l3.document = d.document and l3.name = $keys[3]
    left join store.labels l4 on l4.document = d.document and l4.name = $keys[4]
    where not $filtered or d.document in (select document from incoming)
)
select document, dense_rank() over (order by key_1, key_2, key_3, key_4) - 1 as value, key_hi, key_lo
from valued
order by source, below, ordinal, path
