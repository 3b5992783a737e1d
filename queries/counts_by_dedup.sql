-- How many tokens has each corpus as a whole: nominal, without exact duplicates, without near-duplicates?
-- returns: corpus VARCHAR, tokens_nominal BIGINT, tokens_exact BIGINT, tokens_near BIGINT, near_share DOUBLE
-- Of corpora that are counted in more than one way; the largest count of each kind, words left out.
select corpus,
       max(tokens) filter (counted = 'nominal') as tokens_nominal,
       max(tokens) filter (counted = 'exact') as tokens_exact,
       max(tokens) filter (counted = 'near') as tokens_near,
       tokens_near / tokens_nominal as near_share
from published_corpora
where extent = 'whole' and counted <> 'repeated' and tokenizer not like '%word%' and tokens is not null
group by corpus
having count(distinct counted) > 1
order by corpus;
