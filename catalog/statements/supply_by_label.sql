-- Supply by the values of up to four labels. `incoming` has the documents that do not count in their row.
-- params: $labels VARCHAR[], $tokenizer VARCHAR
select coalesce(l1.value, '') as label_1, coalesce(l2.value, '') as label_2,
       coalesce(l3.value, '') as label_3, coalesce(l4.value, '') as label_4,
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
left join store.labels l1 on l1.document = d.document and l1.name = $labels[1]
left join store.labels l2 on l2.document = d.document and l2.name = $labels[2]
left join store.labels l3 on l3.document = d.document and l3.name = $labels[3]
left join store.labels l4 on l4.document = d.document and l4.name = $labels[4]
left join incoming u on u.document = d.document
group by all
order by label_1, label_2, label_3, label_4
