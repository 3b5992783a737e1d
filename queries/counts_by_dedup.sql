-- How many tokens does each published corpus have: as published, without exact duplicates, without near-duplicates?
-- returns: corpus VARCHAR, tokens_nominal BIGINT, tokens_exact BIGINT, tokens_near BIGINT, near_share DOUBLE
-- Only whole corpora that were counted in more than one way. Of each kind, the oldest count (later ones are of later
-- editions), and the largest of that year. Counts of words are left out.
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
