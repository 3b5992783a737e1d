-- How many unique tokens of each domain can one get, in the largest open corpus of it?
-- returns: domain VARCHAR, corpus VARCHAR, component VARCHAR, counted VARCHAR, tokens BIGINT, tokens_low BIGINT, tokens_high BIGINT, tokenizer VARCHAR, licence VARCHAR
-- The largest row without near-duplicates; where a domain has none, without exact ones; else the largest. No row is
-- chosen of mixed and of synthetic text, nor one that is recalled.
select domain, corpus, component, counted, tokens, tokens_low, tokens_high, tokenizer, licence
from published_corpora
where standard and availability = 'open' and kind <> 'recalled' and tokens is not null
  and domain not in ('other', 'synthetic')
qualify row_number() over (
    partition by domain
    order by list_position(['near', 'exact', 'nominal'], counted), tokens desc, corpus, component
) = 1
order by domain;
