-- Which sources contain duplicates of which other sources, and of themselves?
-- params: $tokenizer VARCHAR = null
-- returns: source VARCHAR, kept_source VARCHAR, documents BIGINT, documents_exact BIGINT, documents_near BIGINT, tokens BIGINT
-- A row counts the documents of source that don't count, because a document of kept_source is kept instead. Pairs with
-- most tokens come first.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
)
select g.source, g.kept_source, count(*)::bigint as documents,
       count(*) filter (g.kind = 'exact')::bigint as documents_exact,
       count(*) filter (g.kind = 'near')::bigint as documents_near, coalesce(sum(c.tokens)::bigint, 0) as tokens
from groups g
left join store.token_counts c on c.document = g.document and c.tokenizer = (from asked)
where g.kind <> 'kept'
group by g.source, g.kept_source
order by tokens desc, g.source, g.kept_source;
