-- How many tokens are in documents that fill a context of 2k, 4k, 8k, 32k or 128k tokens, by domain?
-- params: $tokenizer VARCHAR = null
-- returns: domain VARCHAR, tokens_from BIGINT, below BIGINT, documents BIGINT, tokens BIGINT, tokens_filling BIGINT, share DOUBLE
-- A band has the documents of at least tokens_from tokens and fewer than below. tokens_filling adds up this band
-- and all longer ones: documents that fill a context of tokens_from. share is of the domain's tokens. Only
-- documents that count in the whole catalog.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
band as (
    select unnest([0, 2048, 4096, 8192, 32768, 131072])::bigint as tokens_from,
           unnest([2048, 4096, 8192, 32768, 131072, null])::bigint as below
),
counted as (
    select d.domain, list_max(list_filter([0, 2048, 4096, 8192, 32768, 131072], lambda least: least <= c.tokens))::bigint
               as tokens_from,
           count(*)::bigint as documents, sum(c.tokens)::bigint as tokens
    from documents d
    join store.token_counts c using (document)
    where d.counts and c.tokenizer = (from asked)
    group by all
)
select s.domain, b.tokens_from, b.below, coalesce(c.documents, 0) as documents, coalesce(c.tokens, 0) as tokens,
       coalesce(sum(c.tokens) over longer, 0)::bigint as tokens_filling,
       tokens_filling / nullif(sum(c.tokens) over (partition by s.domain), 0) as share
from (select distinct domain from sources) s
cross join band b
left join counted c on c.domain = s.domain and c.tokens_from = b.tokens_from
window longer as (partition by s.domain order by b.tokens_from desc)
order by s.domain, b.tokens_from;
