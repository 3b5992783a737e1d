-- Tokens of the documents in `incoming`, with their place there and the place of the tokenizer among those asked for.
-- params: $numbers INTEGER[]
select i.place, list_position($numbers, c.tokenizer)::bigint - 1 as field, c.tokens as value
from store.token_counts c join incoming i using (document)
where list_contains($numbers, c.tokenizer)
