-- How many documents and tokens does each value of a label have, seen and unique?
-- params: $label VARCHAR = null, $tokenizer VARCHAR = null
-- returns: label VARCHAR, value VARCHAR, documents BIGINT, documents_unique BIGINT, tokens BIGINT, tokens_unique BIGINT, share_unique DOUBLE
-- $label is a label that documents have, or null for every label. Unique is meant in the whole catalog, where only the
-- kept document's value counts. share_unique is of the label's unique tokens.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
named as (
    select case when $label is null or exists (from labels where name = $label) then $label
                else error('no document has the label ' || $label || ' (the catalog has: '
                           || coalesce((select string_agg(distinct name, ', ' order by name) from labels), 'none') || ')')
           end as label
),
counted as (
    select d.document, d.counts, c.tokens
    from documents d join store.token_counts c using (document)
    where c.tokenizer = (from asked)
)
select l.name as label, l.value, count(*)::bigint as documents, count(*) filter (c.counts)::bigint as documents_unique,
       sum(c.tokens)::bigint as tokens, coalesce((sum(c.tokens) filter (c.counts))::bigint, 0) as tokens_unique,
       tokens_unique / nullif(sum(tokens_unique) over (partition by l.name), 0) as share_unique
from store.labels l join counted c using (document)
where l.name = coalesce((from named), l.name)
group by l.name, l.value
order by label, tokens_unique desc, l.value;
