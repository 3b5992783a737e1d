-- How many unique tokens of each domain are also in another domain?
-- params: $tokenizer VARCHAR = null
-- returns: domain VARCHAR, documents_elsewhere BIGINT, tokens_elsewhere BIGINT
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
placed as (
    select m.document, m.kept, s.domain
    from store.members m
    join store.documents d using (document)
    join store.whole f using (file)
    join store.sources s using (source)
),
wide as (select kept from placed group by kept having count(distinct domain) > 1)
select p.domain, count(*)::bigint as documents_elsewhere, sum(c.tokens)::bigint as tokens_elsewhere
from placed p
semi join wide w using (kept)
join store.token_counts c using (document)
join asked using (tokenizer)
where not exists (from store.uncounted u where u.scope = 'domain' and u.document = p.document)
group by p.domain
order by p.domain;
