-- Which published open corpora are the largest in a domain?
-- params: $domain VARCHAR
-- returns: corpus VARCHAR, component VARCHAR, tokens BIGINT, tokens_low BIGINT, tokens_high BIGINT, tokenizer VARCHAR, counted VARCHAR, dedup_scope VARCHAR, licence VARCHAR, year INTEGER, kind VARCHAR
-- Only rows that the corpus's name alone stands for. They overlap, and each is counted with its own tokenizer.
select corpus, component, tokens, tokens_low, tokens_high, tokenizer, counted, dedup_scope, licence, year, kind
from published_corpora
where domain = $domain and availability = 'open' and standard
order by tokens desc nulls last, corpus, component;
