-- How much did each ingest add, in documents, tokens and unique tokens?
-- params: $tokenizer VARCHAR = null
-- returns: ingest BIGINT, started TIMESTAMP, source VARCHAR, files BIGINT, documents BIGINT, documents_unique BIGINT, tokens BIGINT, tokens_unique BIGINT, tokens_unique_so_far BIGINT
-- As seen now: files that were counted again or forgotten later belong to the later ingest, or to none. Unique is meant
-- in the whole catalog: duplicates belong to the first ingest that has one of them, with the tokens of the document that
-- is kept. tokens_unique_so_far adds up the rows from the first.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
placed as (select d.document, f.ingest from store.documents d join store.whole f using (file)),
first_met as (
    select m.kept as document, min(p.ingest) as ingest
    from store.members m
    join placed p using (document)
    group by m.kept
),
counted as (
    select p.document, p.ingest, c.tokens, coalesce(m.ingest, p.ingest) as first_ingest, u.document is null as counts
    from placed p
    left join first_met m using (document)
    left join store.uncounted u on u.document = p.document and u.scope = 'catalog'
    left join store.token_counts c on c.document = p.document and c.tokenizer = (from asked)
),
added as (select ingest, count(*) as documents, sum(tokens) as tokens from counted group by ingest),
new as (
    select first_ingest as ingest, count(*) as documents_unique, sum(tokens) as tokens_unique
    from counted
    where counts
    group by first_ingest
)
select i.ingest, i.started, i.source, (select count(*) from files f where f.ingest = i.ingest)::bigint as files,
       coalesce(a.documents, 0)::bigint as documents, coalesce(n.documents_unique, 0)::bigint as documents_unique,
       coalesce(a.tokens, 0)::bigint as tokens, coalesce(n.tokens_unique, 0)::bigint as tokens_unique,
       coalesce(sum(n.tokens_unique) over (order by i.ingest), 0)::bigint as tokens_unique_so_far
from ingests i
left join added a using (ingest)
left join new n using (ingest)
order by i.ingest;
