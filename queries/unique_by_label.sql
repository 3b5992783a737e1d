-- How many documents and tokens does each value of a label have, seen and unique?
-- params: $label VARCHAR = null, $tokenizer VARCHAR = null
-- returns: label VARCHAR, value VARCHAR, documents BIGINT, documents_unique BIGINT, tokens BIGINT, tokens_unique BIGINT, share_unique DOUBLE
-- $label is a label, or null for every label. Unique is meant in the whole catalog, where only the kept document's value
-- counts. share_unique is of the label's unique tokens.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
)
select l.name as label, l.value, count(*)::bigint as documents, count(*) filter (d.counts)::bigint as documents_unique,
       sum(c.tokens)::bigint as tokens, coalesce((sum(c.tokens) filter (d.counts))::bigint, 0) as tokens_unique,
       tokens_unique / nullif(sum(tokens_unique) over (partition by l.name), 0) as share_unique
from labels l
join documents d using (document)
join store.token_counts c using (document)
where l.name = coalesce($label, l.name) and c.tokenizer = (from asked)
group by l.name, l.value
order by label, tokens_unique desc, l.value;
