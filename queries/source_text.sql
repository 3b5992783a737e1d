-- How much text has a source, seen and unique, in documents, bytes and the tokens of every tokenizer?
-- params: $source VARCHAR
-- returns: tokenizer VARCHAR, documents_seen BIGINT, documents_unique_exact BIGINT, documents_unique BIGINT, bytes_seen BIGINT, bytes_unique_exact BIGINT, bytes_unique BIGINT, tokens_seen BIGINT, tokens_unique_exact BIGINT, tokens_unique BIGINT
-- Copies are looked for inside the source alone.
select t.name as tokenizer,
       count(*)::bigint as documents_seen,
       count(*) filter (u.exact_copy is not true)::bigint as documents_unique_exact,
       count(*) filter (u.document is null)::bigint as documents_unique,
       sum(d.bytes)::bigint as bytes_seen,
       coalesce(sum(d.bytes) filter (u.exact_copy is not true), 0)::bigint as bytes_unique_exact,
       coalesce(sum(d.bytes) filter (u.document is null), 0)::bigint as bytes_unique,
       sum(c.tokens)::bigint as tokens_seen,
       coalesce(sum(c.tokens) filter (u.exact_copy is not true), 0)::bigint as tokens_unique_exact,
       coalesce(sum(c.tokens) filter (u.document is null), 0)::bigint as tokens_unique
from store.files f
join store.documents d using (file)
join store.token_counts c using (document)
join store.tokenizers t using (tokenizer)
left join store.uncounted u on u.document = d.document and u.scope = 'source'
where f.source = $source and f.state <> 'staged'
group by t.name
order by t.name;
