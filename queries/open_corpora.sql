-- Which open corpora of a domain are the largest?
-- params: $domain VARCHAR
-- returns: corpus VARCHAR, component VARCHAR, tokens BIGINT, tokens_low BIGINT, tokens_high BIGINT, tokenizer VARCHAR, counted VARCHAR, dedup_scope VARCHAR, licence VARCHAR, year INTEGER, kind VARCHAR
-- Rows that a corpus's name alone means; they overlap, and their tokens are their own tokenizers'.
select corpus, component, tokens, tokens_low, tokens_high, tokenizer, counted, dedup_scope, licence, year, kind
from published_corpora
where domain = $domain and availability = 'open' and standard
order by tokens desc nulls last, corpus, component;
