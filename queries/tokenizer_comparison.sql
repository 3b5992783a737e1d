-- How many tokens does each tokenizer make of the same text, by domain, next to another tokenizer?
-- params: $tokenizer VARCHAR = null
-- returns: domain VARCHAR, tokenizer VARCHAR, documents BIGINT, bytes BIGINT, tokens BIGINT, tokens_compared BIGINT, ratio DOUBLE
-- $tokenizer is the tokenizer to compare with. Documents are those counted with both. ratio is tokens divided by
-- tokens_compared: above 1, the tokenizer makes more tokens of the same text.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
)
select d.domain, t.name as tokenizer, count(*)::bigint as documents, sum(d.bytes)::bigint as bytes,
       sum(c.tokens)::bigint as tokens, sum(o.tokens)::bigint as tokens_compared,
       sum(c.tokens) / nullif(sum(o.tokens), 0) as ratio
from documents d
join store.token_counts c using (document)
join store.token_counts o using (document)
join store.tokenizers t on t.tokenizer = c.tokenizer
where o.tokenizer = (from asked)
group by d.domain, t.name
order by d.domain, ratio, t.name;
