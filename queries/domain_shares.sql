-- Which share of all unique tokens does each domain have, as a mixture for a plan?
-- params: $tokenizer VARCHAR = null
-- returns: domain VARCHAR, documents_unique BIGINT, tokens_unique BIGINT, share DOUBLE, mixture VARCHAR
-- The natural mixture, in which every domain is repeated equally often. Duplicates are looked for within each domain.
-- mixture is the share as `plan --mixture` takes it: join the rows with commas. Domains without tokens are left out.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
placed as (
    select s.domain, count(*)::bigint as documents_unique, sum(c.tokens)::bigint as tokens_unique
    from store.token_counts c
    join store.documents d using (document)
    join store.whole f using (file)
    join store.sources s using (source)
    where c.tokenizer = (from asked)
      and not exists (from store.uncounted u where u.scope = 'domain' and u.document = c.document)
    group by s.domain
)
select domain, documents_unique, tokens_unique, tokens_unique / sum(tokens_unique) over () as share,
       domain || '=' || round(share, 6) as mixture
from placed
where tokens_unique > 0
order by tokens_unique desc, domain;
