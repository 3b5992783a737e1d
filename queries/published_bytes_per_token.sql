-- How many bytes of text is a token of each tokenizer, by domain, as published?
-- returns: domain VARCHAR, tokenizer VARCHAR, texts BIGINT, bytes_per_token DOUBLE, bytes_per_token_low DOUBLE, bytes_per_token_high DOUBLE, characters_per_token DOUBLE
-- Medians over texts; texts differ, so compare tokenizers on one text (view token_rates) rather than here.
select domain, tokenizer, count(*)::bigint as texts, median(bytes_per_token) as bytes_per_token,
       min(bytes_per_token) as bytes_per_token_low, max(bytes_per_token) as bytes_per_token_high,
       median(characters_per_token) as characters_per_token
from token_rates
where bytes_per_token is not null or characters_per_token is not null
group by domain, tokenizer
order by domain, tokenizer;
