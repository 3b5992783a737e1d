-- Tokens of each domain, and those of lines (code) or paragraphs that occurred before in the same document; the latter are
-- null if no document was measured. Only of documents of $source, if it is not null.
-- params: $tokenizer VARCHAR, $source VARCHAR
-- Adding up by the number of the file first, and then by name, takes half the time on a million documents.
with by_file as (
    select d.file, sum(c.tokens) as tokens_seen,
           sum(round(c.tokens * (d.bytes_repeated_inside / greatest(d.bytes, 1)))::bigint) as tokens_repeated_inside
    from store.documents d
    join store.token_counts c using (document)
    where c.tokenizer = store.tokenizer_named($tokenizer)
    group by d.file
)
select s.domain, sum(b.tokens_seen)::bigint as tokens_seen, sum(b.tokens_repeated_inside)::bigint as tokens_repeated_inside
from by_file b
join store.whole f using (file)
join store.sources s using (source)
where f.source = coalesce($source, f.source)
group by s.domain
order by s.domain
