-- How much text of each domain is estimated to exist, and how much is in the largest published open corpus?
-- returns: domain VARCHAR, stock VARCHAR, adjusted VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, year INTEGER, corpus VARCHAR, tokens BIGINT, share DOUBLE
-- Stocks in tokens next to the domain's largest open corpus, in tokens as published. Stocks overlap: never add them up.
with candidates as (
    select domain, corpus, counted, sum(tokens)::bigint as tokens
    from published_corpora
    where standard and availability = 'open' and kind <> 'recalled' and tokens is not null
      and domain not in ('other', 'synthetic')
    group by domain, corpus, counted
),
largest as (
    select domain, corpus, tokens
    from candidates
    qualify row_number() over (
        partition by domain order by list_position(['near', 'exact', 'nominal'], counted), tokens desc, corpus
    ) = 1
)
select s.domain, s.stock, s.adjusted, s.value, s.low, s.high, s.year, l.corpus, l.tokens, l.tokens / s.value as share
from stocks s left join largest l using (domain)
where s.unit = 'tokens'
order by s.domain, s.adjusted, s.value desc nulls last, s.stock;
