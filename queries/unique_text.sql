-- How much unique text does each domain have, in bytes and in the tokens of each tokenizer?
-- returns: domain VARCHAR, tokenizer VARCHAR, documents_unique BIGINT, bytes_unique BIGINT, tokens_unique BIGINT
with by_file as (
    select d.file, c.tokenizer, count(*) as documents, sum(d.bytes) as bytes, sum(c.tokens) as tokens
    from store.token_counts c
    join store.documents d using (document)
    left join store.uncounted u on u.document = c.document and u.scope = 'domain'
    where u.document is null
    group by d.file, c.tokenizer
)
select s.domain, t.name as tokenizer, sum(b.documents)::bigint as documents_unique,
       sum(b.bytes)::bigint as bytes_unique, sum(b.tokens)::bigint as tokens_unique
from by_file b
join store.whole f using (file)
join store.sources s using (source)
join store.tokenizers t using (tokenizer)
group by s.domain, t.name
order by s.domain, t.name;
