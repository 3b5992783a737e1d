-- How many documents do groups of duplicates have, and how many tokens do the groups of each size repeat?
-- params: $tokenizer VARCHAR = null
-- returns: documents_from BIGINT, documents_to BIGINT, groups BIGINT, documents BIGINT, documents_extra BIGINT, tokens_extra BIGINT
-- Extra are all documents but the kept one of each group.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
grouped as (
    select m.kept, count(*) as documents, sum(c.tokens) filter (m.kind <> 'kept') as tokens_extra
    from store.members m
    left join store.token_counts c on c.document = m.document and c.tokenizer = (from asked)
    group by m.kept
    having count(*) > 1
),
band as (
    select unnest([2, 3, 4, 6, 11, 101, 1001])::bigint as documents_from,
           unnest([2, 3, 5, 10, 100, 1000, null])::bigint as documents_to
)
select b.documents_from, b.documents_to, count(*)::bigint as groups, sum(g.documents)::bigint as documents,
       (sum(g.documents) - count(*))::bigint as documents_extra, coalesce(sum(g.tokens_extra), 0)::bigint as tokens_extra
from band b
join grouped g on g.documents >= b.documents_from and (b.documents_to is null or g.documents <= b.documents_to)
group by b.documents_from, b.documents_to
order by b.documents_from;
