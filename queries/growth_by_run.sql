-- How much did each ingest add, in documents, tokens and unique tokens?
-- params: $tokenizer VARCHAR = null
-- returns: ingest BIGINT, started TIMESTAMP, source VARCHAR, files BIGINT, documents BIGINT, documents_unique BIGINT, tokens BIGINT, tokens_unique BIGINT, tokens_unique_so_far BIGINT
-- As seen now: files that were counted again or forgotten later belong to the later ingest, or to none. Unique is meant
-- in the whole catalog, where the kept document decides the ingest. tokens_unique_so_far adds up the rows from the first.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
added as (
    select f.ingest, count(*) as documents, count(*) filter (d.counts) as documents_unique,
           sum(c.tokens) as tokens, sum(c.tokens) filter (d.counts) as tokens_unique
    from documents d
    join files f using (path)
    left join store.token_counts c on c.document = d.document and c.tokenizer = (from asked)
    group by f.ingest
)
select i.ingest, i.started, i.source, (select count(*) from files f where f.ingest = i.ingest)::bigint as files,
       coalesce(a.documents, 0)::bigint as documents, coalesce(a.documents_unique, 0)::bigint as documents_unique,
       coalesce(a.tokens, 0)::bigint as tokens, coalesce(a.tokens_unique, 0)::bigint as tokens_unique,
       coalesce(sum(a.tokens_unique) over (order by i.ingest), 0)::bigint as tokens_unique_so_far
from ingests i left join added a using (ingest)
order by i.ingest;
