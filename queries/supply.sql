-- How many unique tokens are there, by domain, by source or in the whole catalog?
-- params: $by VARCHAR = 'domain', $tokenizer VARCHAR = null
-- returns: domain VARCHAR, source VARCHAR, documents_seen BIGINT, documents_unique_exact BIGINT, documents_unique BIGINT, bytes_seen BIGINT, tokens_seen BIGINT, tokens_unique_exact BIGINT, tokens_unique BIGINT, tokens_repeated_inside BIGINT, bad_records BIGINT
-- $by is 'domain', 'source' or 'catalog': what a row stands for, and where duplicates are looked for.
-- tokens_repeated_inside is null if no document of the row was measured: token ids, or counted by an older tokaudit.
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
),
placed as (
    select f.file, f.bad_records,
           case when $by = 'catalog' then null else s.domain end as domain,
           case $by when 'source' then s.source when 'domain' then null when 'catalog' then null
                else error('by must be domain, source or catalog, not ' || $by) end as source
    from store.whole f join store.sources s using (source)
),
counted as (
    select p.domain, p.source,
           count(*)::bigint as documents_seen,
           count(*) filter (u.exact_copy is not true)::bigint as documents_unique_exact,
           count(*) filter (u.document is null)::bigint as documents_unique,
           sum(d.bytes)::bigint as bytes_seen,
           sum(c.tokens)::bigint as tokens_seen,
           (sum(c.tokens) filter (u.exact_copy is not true))::bigint as tokens_unique_exact,
           (sum(c.tokens) filter (u.document is null))::bigint as tokens_unique,
           sum(round(c.tokens * (d.bytes_repeated_inside / greatest(d.bytes, 1)))::bigint)::bigint as tokens_repeated_inside
    from placed p
    join store.documents d using (file)
    join store.token_counts c using (document)
    join asked using (tokenizer)
    left join store.uncounted u on u.document = d.document and u.scope = $by
    group by all
)
select p.domain, p.source,
       coalesce(any_value(c.documents_seen), 0) as documents_seen,
       coalesce(any_value(c.documents_unique_exact), 0) as documents_unique_exact,
       coalesce(any_value(c.documents_unique), 0) as documents_unique,
       coalesce(any_value(c.bytes_seen), 0) as bytes_seen,
       coalesce(any_value(c.tokens_seen), 0) as tokens_seen,
       coalesce(any_value(c.tokens_unique_exact), 0) as tokens_unique_exact,
       coalesce(any_value(c.tokens_unique), 0) as tokens_unique,
       case when count(c.documents_seen) = 0 then 0 else any_value(c.tokens_repeated_inside) end as tokens_repeated_inside,
       sum(p.bad_records)::bigint as bad_records
from placed p
left join counted c on c.domain is not distinct from p.domain and c.source is not distinct from p.source
group by p.domain, p.source
order by p.domain, p.source;
