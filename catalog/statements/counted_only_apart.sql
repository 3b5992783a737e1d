-- What of a supply by $by, 'domain' or 'source', is more than the whole catalog has: documents that count there, and not
-- in the catalog, as another one holds their text. One that does not count there does not count in the catalog either.
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
