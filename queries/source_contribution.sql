-- How many unique tokens would be lost if a source were left out?
-- params: $tokenizer VARCHAR = null
-- returns: source VARCHAR, domain VARCHAR, tokens BIGINT, tokens_kept BIGINT, tokens_only_here BIGINT, share_only_here DOUBLE
-- tokens_kept are of its documents that count in the whole catalog. Of these, tokens_only_here have no duplicate in
-- another source: they are lost without it. share_only_here is of the source's tokens. Near-duplicates are taken as the same
-- text: without the source, another document of their group counts, which may be longer or shorter.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
elsewhere as (select kept_document from groups group by kept_document having count(distinct source) > 1),
counted as (
    select d.source, d.domain, c.tokens, d.counts, d.document not in (from elsewhere) as only_here
    from documents d
    join store.token_counts c using (document)
    where c.tokenizer = (from asked)
)
select source, domain, sum(tokens)::bigint as tokens, coalesce((sum(tokens) filter (counts))::bigint, 0) as tokens_kept,
       coalesce((sum(tokens) filter (counts and only_here))::bigint, 0) as tokens_only_here,
       tokens_only_here / nullif(sum(tokens)::bigint, 0) as share_only_here
from counted
group by source, domain
order by tokens_only_here desc, source;
