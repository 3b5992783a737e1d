-- Supply by the values of a label. `incoming` has the documents that do not count in their row.
-- params: $label VARCHAR, $tokenizer VARCHAR
select coalesce(l.value, '') as value,
       count(*) as documents_seen,
       count(*) filter (u.exact_copy is not true) as documents_unique_exact,
       count(*) filter (u.document is null) as documents_unique,
       sum(d.bytes)::bigint as bytes_seen,
       sum(c.tokens)::bigint as tokens_seen,
       coalesce((sum(c.tokens) filter (u.exact_copy is not true))::bigint, 0) as tokens_unique_exact,
       coalesce((sum(c.tokens) filter (u.document is null))::bigint, 0) as tokens_unique,
       null as bad_records
from store.documents d
join store.whole f using (file)
join store.token_counts c using (document)
join store.tokenizers t on t.tokenizer = c.tokenizer and t.name = $tokenizer
left join store.labels l on l.document = d.document and l.name = $label
left join incoming u on u.document = d.document
group by all
order by value
