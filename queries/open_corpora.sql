-- Which published open corpora are the largest in each domain?
-- params: $domain VARCHAR = null
-- returns: domain VARCHAR, corpus VARCHAR, component VARCHAR, tokens BIGINT, tokens_low BIGINT, tokens_high BIGINT, tokenizer VARCHAR, counted VARCHAR, dedup_scope VARCHAR, licence VARCHAR, year INTEGER, kind VARCHAR
-- $domain is a domain, or null for every domain. Only rows that the corpus's name alone stands for. They overlap, and
-- each is counted with its own tokenizer.
select domain, corpus, component, tokens, tokens_low, tokens_high, tokenizer, counted, dedup_scope, licence, year, kind
from published_corpora
where domain = coalesce($domain, domain) and availability = 'open' and standard
order by domain, tokens desc nulls last, corpus, component;
