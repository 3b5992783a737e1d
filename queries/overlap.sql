-- How much text of each domain or source is also in another one?
-- params: $by VARCHAR = 'domain', $tokenizer VARCHAR = null
-- returns: a VARCHAR, b VARCHAR, documents_shared_exact BIGINT, documents_shared BIGINT, tokens_shared_exact BIGINT, tokens_shared BIGINT
-- $by is 'domain' or 'source'. All documents of a count, duplicates included, if their text (exact) or their group in the
-- whole catalog is also in b.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
placed as (
    select d.document, d.key_hi, d.key_lo,
           case $by when 'source' then s.source when 'domain' then s.domain
                else error('by must be domain or source, not ' || $by) end as part
    from store.documents d
    join store.whole f using (file)
    join store.sources s using (source)
),
grouped as (select p.*, m.kept from placed p join store.members m using (document)),
text_in as (select distinct key_hi, key_lo, part from grouped),
group_in as (select distinct kept, part from grouped),
shared as (
    select g.part as a, i.part as b, g.document,
           exists (from text_in t where t.key_hi = g.key_hi and t.key_lo = g.key_lo and t.part = i.part) as exact
    from grouped g join group_in i on i.kept = g.kept and i.part <> g.part
),
part as (
    select distinct case $by when 'source' then s.source else s.domain end as part
    from store.whole f join store.sources s using (source)
    where f.documents > 0
),
counted as (
    select x.a, x.b, x.exact, c.tokens
    from shared x
    join store.token_counts c using (document)
    join asked using (tokenizer)
)
select a.part as a, b.part as b,
       count(*) filter (c.exact)::bigint as documents_shared_exact,
       count(c.tokens)::bigint as documents_shared,
       coalesce((sum(c.tokens) filter (c.exact))::bigint, 0) as tokens_shared_exact,
       coalesce(sum(c.tokens)::bigint, 0) as tokens_shared
from part a
join part b on a.part <> b.part
left join counted c on c.a = a.part and c.b = b.part
group by a.part, b.part
order by a.part, b.part;
