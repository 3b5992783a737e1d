-- Which documents have the most tokens?
-- params: $limit BIGINT = 100, $tokenizer VARCHAR = null
-- returns: source VARCHAR, path VARCHAR, ordinal BIGINT, bytes BIGINT, tokens BIGINT, share DOUBLE, counts BOOLEAN
-- The $limit largest. share is of the tokens of all documents of the source. counts: whether it is unique, or kept.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
largest as (
    select document, file, tokens, sum(tokens) over (partition by source) as tokens_of_source
    from store.token_counts c
    join store.documents d using (document)
    join store.whole f using (file)
    where c.tokenizer = (from asked)
    order by tokens desc, path, ordinal
    limit $limit
)
select d.source, d.path, d.ordinal, d.bytes, l.tokens, l.tokens / nullif(l.tokens_of_source, 0) as share, d.counts
from largest l join documents d using (document)
order by l.tokens desc, d.path, d.ordinal;
