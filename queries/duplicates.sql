-- Which documents are duplicates, and which document is kept instead?
-- params: $tokenizer VARCHAR = null
-- returns: path VARCHAR, ordinal BIGINT, tokens BIGINT, kept_path VARCHAR, kept_ordinal BIGINT, similarity DOUBLE, kind VARCHAR
with asked as (
    select store.tokenizer_named(coalesce($tokenizer, (select tokenizer from tokenizers where is_default))) as tokenizer
)
select g.path, g.ordinal, c.tokens, g.kept_path, g.kept_ordinal, g.similarity, g.kind
from groups g
left join store.token_counts c on c.document = g.document and c.tokenizer = (from asked)
where g.kind <> 'kept'
order by c.tokens desc, g.path, g.ordinal;
