-- How much text does a source have, seen and unique, in documents, bytes and the tokens of each tokenizer?
-- params: $source VARCHAR
-- returns: tokenizer VARCHAR, documents_seen BIGINT, documents_unique_exact BIGINT, documents_unique BIGINT, bytes_seen BIGINT, bytes_unique_exact BIGINT, bytes_unique BIGINT, tokens_seen BIGINT, tokens_unique_exact BIGINT, tokens_unique BIGINT
-- Duplicates are looked for within the source only.
select tokenizer, documents_seen, documents_unique_exact, documents_unique, bytes_seen, bytes_unique_exact, bytes_unique,
       tokens_seen, tokens_unique_exact, tokens_unique
from supply
where source = $source
order by tokenizer;
