-- Documents with what a supply adds up or a filter may name, without their tokens and labels.
-- returns: document BIGINT, domain VARCHAR, source VARCHAR, bytes BIGINT, words BIGINT, bytes_repeated_inside BIGINT
select d.document, s.domain, f.source, d.bytes, d.words, d.bytes_repeated_inside
from store.documents d
join store.whole f using (file)
join store.sources s using (source)
