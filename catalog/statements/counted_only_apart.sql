-- By how much a supply by $by ('domain' or 'source') exceeds that of the whole catalog: documents that count in their
-- row but not in the catalog, where another document has their text. A document that does not count in its row does not
-- count in the catalog either.
-- params: $by VARCHAR, $tokenizer VARCHAR
with apart as (
    select a.document, a.exact_copy and o.exact_copy is not true as exact, o.document is null as near
    from store.uncounted a left join store.uncounted o on o.document = a.document and o.scope = $by
    where a.scope = 'catalog'
)
select count(*) filter (exact)::bigint as documents_unique_exact,
       count(*) filter (near)::bigint as documents_unique,
       coalesce((sum(c.tokens) filter (exact))::bigint, 0) as tokens_unique_exact,
       coalesce((sum(c.tokens) filter (near))::bigint, 0) as tokens_unique
from apart
join store.documents d using (document)
join store.whole f using (file)
join store.token_counts c using (document)
where (exact or near) and c.tokenizer = store.tokenizer_named($tokenizer)
