-- How many tokens has each corpus as a whole: nominal, without exact duplicates, without near-duplicates?
-- returns: corpus VARCHAR, tokens_nominal BIGINT, tokens_exact BIGINT, tokens_near BIGINT, near_share DOUBLE
-- Of corpora that are counted in more than one way; the oldest count of each kind (later ones are of later editions),
-- the largest of that year, words left out.
select corpus,
       arg_min(tokens, (year, -tokens)) filter (counted = 'nominal') as tokens_nominal,
       arg_min(tokens, (year, -tokens)) filter (counted = 'exact') as tokens_exact,
       arg_min(tokens, (year, -tokens)) filter (counted = 'near') as tokens_near,
       tokens_near / tokens_nominal as near_share
from published_corpora
where extent = 'whole' and counted <> 'repeated' and tokenizer not like '%word%' and tokens is not null
group by corpus
having count(distinct counted) > 1
order by corpus;
