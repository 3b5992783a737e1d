-- Which documents are duplicates, and which document is kept instead?
-- params: $tokenizer VARCHAR
-- returns: path VARCHAR, ordinal BIGINT, tokens BIGINT, kept_path VARCHAR, kept_ordinal BIGINT, similarity DOUBLE, kind VARCHAR
select g.path, g.ordinal, c.tokens, g.kept_path, g.kept_ordinal, g.similarity, g.kind
from groups g
left join token_counts c on c.document = g.document and c.tokenizer = $tokenizer
where g.kind <> 'kept'
order by c.tokens desc, g.path, g.ordinal;
