-- Which share of all unique tokens does each domain have, as a mixture for a plan?
-- params: $tokenizer VARCHAR = null
-- returns: domain VARCHAR, documents_unique BIGINT, tokens_unique BIGINT, share DOUBLE, mixture VARCHAR
-- The natural mixture, in which every domain is repeated equally often. Duplicates are looked for within each domain.
-- mixture is the share as `plan --mixture` takes it: join the rows with commas. It is null if that can't name the domain,
-- which has a comma or an equals sign. Domains without tokens are left out.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
by_file as (
    select d.file, count(*) as documents, sum(c.tokens) as tokens
    from store.token_counts c
    join store.documents d using (document)
    left join store.uncounted u on u.document = c.document and u.scope = 'domain'
    where u.document is null and c.tokenizer = (from asked)
    group by d.file
),
placed as (
    select s.domain, sum(b.documents)::bigint as documents_unique, sum(b.tokens)::bigint as tokens_unique
    from by_file b
    join store.whole f using (file)
    join store.sources s using (source)
    group by s.domain
)
select domain, documents_unique, tokens_unique, tokens_unique / sum(tokens_unique) over () as share,
       case when domain = trim(domain) and not regexp_matches(domain, '[,=]') then domain || '=' || share end as mixture
from placed
where tokens_unique > 0
order by tokens_unique desc, domain;
