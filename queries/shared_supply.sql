-- How many of a domain's unique tokens does another domain hold as well?
-- params: $tokenizer VARCHAR
-- returns: domain VARCHAR, documents_elsewhere BIGINT, tokens_elsewhere BIGINT
with member as (
    select document, kept from store.uncounted where scope = 'catalog'
    union all
    select distinct kept, kept from store.uncounted where scope = 'catalog'
),
placed as (
    select m.document, m.kept, s.domain
    from member m
    join store.documents d using (document)
    join store.files f using (file)
    join store.sources s using (source)
),
wide as (select kept from placed group by kept having count(distinct domain) > 1)
select p.domain, count(*)::bigint as documents_elsewhere, sum(c.tokens)::bigint as tokens_elsewhere
from placed p
semi join wide w using (kept)
join store.token_counts c using (document)
join store.tokenizers t on t.tokenizer = c.tokenizer and t.name = $tokenizer
where not exists (from store.uncounted u where u.scope = 'domain' and u.document = p.document)
group by p.domain
order by p.domain;
