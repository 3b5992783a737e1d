-- Supply by up to four keys: domain, source or labels; '' is no key. `incoming` has the documents that do not count in
-- their row (counts is false); if $filtered, it has all documents that pass, and no other document is looked at.
-- Not ordered: to sort after such left joins, DuckDB 2.0 narrows sums to the range of single values, and they overflow.
-- params: $keys VARCHAR[], $tokenizer VARCHAR, $filtered BOOLEAN
select case $keys[1] when 'domain' then s.domain when 'source' then s.source else coalesce(l1.value, '') end as key_1,
       case $keys[2] when 'domain' then s.domain when 'source' then s.source else coalesce(l2.value, '') end as key_2,
       case $keys[3] when 'domain' then s.domain when 'source' then s.source else coalesce(l3.value, '') end as key_3,
       case $keys[4] when 'domain' then s.domain when 'source' then s.source else coalesce(l4.value, '') end as key_4,
       count(*) as documents_seen,
       count(*) filter (u.exact_copy is not true) as documents_unique_exact,
       count(*) filter (u.counts is not false) as documents_unique,
       sum(d.bytes)::bigint as bytes_seen,
       sum(c.tokens)::bigint as tokens_seen,
       coalesce((sum(c.tokens) filter (u.exact_copy is not true))::bigint, 0) as tokens_unique_exact,
       coalesce((sum(c.tokens) filter (u.counts is not false))::bigint, 0) as tokens_unique,
       sum(round(c.tokens * (d.bytes_repeated_inside / greatest(d.bytes, 1)))::bigint)::bigint as tokens_repeated_inside,
       null as bad_records
from store.documents d
join store.whole f using (file)
join store.sources s using (source)
join store.token_counts c using (document)
join store.tokenizers t on t.tokenizer = c.tokenizer and t.name = $tokenizer
left join store.labels l1 on l1.document = d.document and l1.name = $keys[1]
left join store.labels l2 on l2.document = d.document and l2.name = $keys[2]
left join store.labels l3 on l3.document = d.document and l3.name = $keys[3]
left join store.labels l4 on l4.document = d.document and l4.name = $keys[4]
left join incoming u on u.document = d.document
where not $filtered or u.document is not null
group by all
