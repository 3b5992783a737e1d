-- How many bytes of text is one token of each tokenizer, by domain?
-- returns: domain VARCHAR, tokenizer VARCHAR, documents BIGINT, bytes BIGINT, tokens BIGINT, bytes_per_token DOUBLE
select d.domain, c.tokenizer, count(*)::bigint as documents, sum(d.bytes)::bigint as bytes,
       sum(c.tokens)::bigint as tokens, sum(d.bytes) / nullif(sum(c.tokens), 0)::double as bytes_per_token
from documents d join token_counts c using (document)
group by d.domain, c.tokenizer
order by d.domain, c.tokenizer;
