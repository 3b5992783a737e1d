-- How much text does each source have, seen and unique, in documents, bytes and the tokens of each tokenizer?
-- params: $source VARCHAR = null
-- returns: source VARCHAR, tokenizer VARCHAR, documents_seen BIGINT, documents_unique_exact BIGINT, documents_unique BIGINT, bytes_seen BIGINT, bytes_unique_exact BIGINT, bytes_unique BIGINT, tokens_seen BIGINT, tokens_unique_exact BIGINT, tokens_unique BIGINT
-- $source is a source, or null for every source. Duplicates are looked for within the source only.
select source, tokenizer, documents_seen, documents_unique_exact, documents_unique,
       bytes_seen, bytes_unique_exact, bytes_unique, tokens_seen, tokens_unique_exact, tokens_unique
from supply
where source = coalesce($source, source)
order by source, tokenizer;
