-- Tokens of documents that count in their domain and not in the catalog, as another domain holds them too. One that does
-- not count in its domain does not count in the catalog.
with beside as (
    select document from store.uncounted where scope = 'catalog'
    except
    select document from store.uncounted where scope = 'domain'
)
select coalesce(sum(c.tokens)::bigint, 0)
from beside
join store.documents d using (document)
join store.whole f using (file)
join store.token_counts c using (document)
where c.tokenizer = store.tokenizer_named($tokenizer)
