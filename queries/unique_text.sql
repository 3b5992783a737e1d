-- How much unique text has each domain, in bytes and in the tokens of every tokenizer?
-- returns: domain VARCHAR, tokenizer VARCHAR, documents_unique BIGINT, bytes_unique BIGINT, tokens_unique BIGINT
select s.domain, t.name as tokenizer, count(*)::bigint as documents_unique,
       sum(d.bytes)::bigint as bytes_unique, sum(c.tokens)::bigint as tokens_unique
from store.documents d
join store.files f using (file)
join store.sources s using (source)
join store.token_counts c using (document)
join store.tokenizers t using (tokenizer)
where f.state <> 'staged'
  and not exists (from store.uncounted u where u.scope = 'domain' and u.document = d.document)
group by s.domain, t.name
order by s.domain, t.name;
