-- Documents with their tokens by tokenizer, and what else a supply adds up or a filter may name, without their labels.
-- returns: document BIGINT, domain VARCHAR, source VARCHAR, bytes BIGINT, words BIGINT, tokenizer VARCHAR, tokens BIGINT, tokens_repeated_inside BIGINT
select d.document, s.domain, f.source, d.bytes, d.words, t.name as tokenizer, c.tokens,
       round(c.tokens * (d.bytes_repeated_inside / greatest(d.bytes, 1)))::bigint as tokens_repeated_inside
from store.documents d
join store.whole f using (file)
join store.sources s using (source)
join store.token_counts c using (document)
join store.tokenizers t using (tokenizer)
