-- How many bytes of text is one token of each tokenizer, by domain, in published counts?
-- returns: domain VARCHAR, tokenizer VARCHAR, texts BIGINT, bytes_per_token DOUBLE, bytes_per_token_low DOUBLE, bytes_per_token_high DOUBLE, characters_per_token DOUBLE
-- Medians over texts. The texts differ: to compare tokenizers, use one text (view token_rates).
select domain, tokenizer, count(*)::bigint as texts, median(bytes_per_token) as bytes_per_token,
       min(bytes_per_token) as bytes_per_token_low, max(bytes_per_token) as bytes_per_token_high,
       median(characters_per_token) as characters_per_token
from token_rates
where bytes_per_token is not null or characters_per_token is not null
group by domain, tokenizer
order by domain, tokenizer;
