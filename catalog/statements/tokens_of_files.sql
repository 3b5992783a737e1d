-- Tokens in the files at the paths in `incoming`, by each tokenizer that counted them.
select t.name, coalesce(sum(c.tokens)::bigint, 0) as tokens
from store.whole f semi join incoming using (path)
join store.counted_with w using (file)
join store.tokenizers t using (tokenizer)
left join store.documents d using (file)
left join store.token_counts c on c.document = d.document and c.tokenizer = t.tokenizer
group by t.name
order by t.name
