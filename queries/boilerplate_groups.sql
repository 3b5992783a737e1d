-- Which duplicates look like boilerplate: short texts that occur many times?
-- params: $members BIGINT = 5, $words BIGINT = 200, $tokenizer VARCHAR = null
-- returns: kept_path VARCHAR, kept_ordinal BIGINT, documents BIGINT, near BIGINT, files BIGINT, sources BIGINT, words BIGINT, tokens_extra BIGINT
-- Groups of at least $members documents, whose kept document has at most $words words. Groups spread over most sources
-- and files come first. tokens_extra are the tokens of all documents but the kept one.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
grouped as (
    select kept_document, count(*)::bigint as documents, count(*) filter (kind = 'near')::bigint as near,
           count(distinct path)::bigint as files, count(distinct source)::bigint as sources
    from groups
    group by kept_document
    having count(*) >= $members
),
tokens as (
    select m.kept as kept_document, sum(c.tokens)::bigint as tokens_extra
    from store.members m
    join store.token_counts c using (document)
    where m.kind <> 'kept' and c.tokenizer = (from asked)
    group by m.kept
)
select d.path as kept_path, d.ordinal as kept_ordinal, g.documents, g.near, g.files, g.sources, d.words, t.tokens_extra
from grouped g
join documents d on d.document = g.kept_document
left join tokens t using (kept_document)
where d.words <= $words
order by g.sources desc, g.files desc, g.documents desc, kept_path, kept_ordinal;
