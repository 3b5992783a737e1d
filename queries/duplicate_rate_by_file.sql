-- Which files consist mostly of duplicates?
-- params: $share DOUBLE = 0.5, $tokenizer VARCHAR = null
-- returns: source VARCHAR, path VARCHAR, documents BIGINT, documents_duplicate BIGINT, tokens BIGINT, tokens_duplicate BIGINT, share DOUBLE
-- Files of whose tokens at least $share do not count in the whole catalog. Those that repeat most tokens come first.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
)
select d.source, d.path, count(*)::bigint as documents, count(*) filter (not d.counts)::bigint as documents_duplicate,
       sum(c.tokens)::bigint as tokens, coalesce((sum(c.tokens) filter (not d.counts))::bigint, 0) as tokens_duplicate,
       tokens_duplicate / nullif(sum(c.tokens)::bigint, 0) as share
from documents d
join store.token_counts c using (document)
where c.tokenizer = (from asked)
group by d.source, d.path
having tokens_duplicate > 0 and share >= $share
order by tokens_duplicate desc, d.path;
