-- Tokens of each domain, and those of lines (code) or paragraphs that occurred before in the same document; the latter are
-- null if no document was measured. Only of documents of $source, if it is not null.
-- params: $tokenizer VARCHAR, $source VARCHAR
select s.domain, sum(c.tokens)::bigint as tokens_seen,
       sum(round(c.tokens * (d.bytes_repeated_inside / greatest(d.bytes, 1)))::bigint)::bigint as tokens_repeated_inside
from store.documents d
join store.whole f using (file)
join store.sources s using (source)
join store.token_counts c using (document)
where c.tokenizer = store.tokenizer_named($tokenizer) and f.source = coalesce($source, f.source)
group by s.domain
order by s.domain
