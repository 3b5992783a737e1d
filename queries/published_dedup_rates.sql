-- How much did deduplication remove from published corpora, by method and unit?
-- returns: method VARCHAR, unit VARCHAR, corpora BIGINT, rates BIGINT, removed_pct_least DOUBLE, removed_pct_median DOUBLE, removed_pct_most DOUBLE, most_in VARCHAR
-- Rates of one corpus differ in settings and scope, so compare yours with the range. most_in is the corpus of the
-- highest rate. Rates from memory are left out.
with rate as (
    select corpus, method, unit, coalesce(removed_pct, (removed_pct_low + removed_pct_high) / 2) as removed_pct
    from published_dedup
    where kind <> 'recalled'
)
select method, unit, count(distinct corpus)::bigint as corpora, count(*)::bigint as rates,
       min(removed_pct) as removed_pct_least, median(removed_pct) as removed_pct_median,
       max(removed_pct) as removed_pct_most, arg_max(corpus, (removed_pct, corpus)) as most_in
from rate
where removed_pct is not null
group by method, unit
order by method, unit;
