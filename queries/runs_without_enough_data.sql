-- Which known training runs repeated their data, and how often?
-- params: $epochs DOUBLE = 1.0
-- returns: run VARCHAR, params DOUBLE, tokens DOUBLE, unique_tokens DOUBLE, epochs DOUBLE, tokens_per_param DOUBLE, status VARCHAR, source VARCHAR
-- Runs of more than $epochs epochs: tokens divided by unique tokens. Runs whose unique tokens are unknown are left out.
select run, params, tokens, unique_tokens, tokens / unique_tokens as epochs, tokens / params as tokens_per_param, status,
       source
from known_runs
where tokens / unique_tokens > $epochs
order by epochs desc, run;
