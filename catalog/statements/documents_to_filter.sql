-- What a filter may say of a document without its labels.
-- params: $tokenizer VARCHAR
select d.document, s.domain, f.source, d.bytes, d.words, c.tokens
from store.documents d
join store.whole f using (file)
join store.sources s using (source)
join store.token_counts c using (document)
where c.tokenizer = store.tokenizer_named($tokenizer)
