-- Unique text of each domain in bytes and in the tokens of each tokenizer, of the documents in `incoming` alone. Of these,
-- `counts` says whether a document counts in its domain, `elsewhere` whether another domain has its text, too, and
-- `counts_once` whether it counts if all domains are deduplicated together.
-- returns: domain VARCHAR, tokenizer VARCHAR, bytes_unique BIGINT, tokens_unique BIGINT, tokens_elsewhere BIGINT, tokens_twice BIGINT, tokens_seen BIGINT, tokens_repeated_inside BIGINT
select s.domain, t.name as tokenizer,
       coalesce((sum(d.bytes) filter (i.counts))::bigint, 0) as bytes_unique,
       coalesce((sum(c.tokens) filter (i.counts))::bigint, 0) as tokens_unique,
       coalesce((sum(c.tokens) filter (i.counts and i.elsewhere))::bigint, 0) as tokens_elsewhere,
       coalesce((sum(c.tokens) filter (i.counts and not i.counts_once))::bigint, 0) as tokens_twice,
       sum(c.tokens)::bigint as tokens_seen,
       sum(round(c.tokens * (d.bytes_repeated_inside / greatest(d.bytes, 1)))::bigint)::bigint as tokens_repeated_inside
from incoming i
join store.documents d using (document)
join store.whole f using (file)
join store.sources s using (source)
join store.token_counts c using (document)
join store.tokenizers t using (tokenizer)
group by all
