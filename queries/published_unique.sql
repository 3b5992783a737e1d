-- How many unique tokens does the largest published open corpus of each domain have?
-- returns: domain VARCHAR, corpus VARCHAR, components BIGINT, counted VARCHAR, tokens BIGINT, tokens_low BIGINT, tokens_high BIGINT, tokenizers VARCHAR, licence VARCHAR
-- For each domain: the largest open corpus with near-duplicates removed; if there is none, with exact duplicates
-- removed; otherwise the largest of any kind. Its parts are added up, and text that they share counts once. Domains of
-- mixed or synthetic text are left out, and so are counts from memory. Tokens are as published: `tokaudit ceilings`
-- converts them.
with shared as (
    select child as corpus, child_component as component, least(1, sum(fraction)) as fraction
    from published_lineage
    where relation = 'overlaps' and child = parent and fraction is not null
    group by all
),
candidates as (
    select c.domain, c.corpus, c.counted, count(*) as components,
           sum(c.tokens * (1 - coalesce(s.fraction, 0)))::bigint as tokens,
           sum(coalesce(c.tokens_low, c.tokens) * (1 - coalesce(s.fraction, 0)))::bigint as tokens_low,
           sum(coalesce(c.tokens_high, c.tokens) * (1 - coalesce(s.fraction, 0)))::bigint as tokens_high,
           string_agg(distinct c.tokenizer, ', ' order by c.tokenizer) as tokenizers, any_value(c.licence) as licence
    from published_corpora c left join shared s using (corpus, component)
    where c.standard and c.availability = 'open' and c.kind <> 'recalled' and c.tokens is not null
      and c.domain not in ('other', 'synthetic')
    group by c.domain, c.corpus, c.counted
)
select domain, corpus, components, counted, tokens, tokens_low, tokens_high, tokenizers, licence
from candidates
qualify row_number() over (
    partition by domain order by list_position(['near', 'exact', 'nominal'], counted), tokens desc, corpus
) = 1
order by domain;
