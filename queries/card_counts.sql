-- Which published counts are off by more than 10 % against a recount of the same corpus?
-- returns: corpus VARCHAR, component VARCHAR, tokens BIGINT, tokenizer VARCHAR, recount VARCHAR, tokens_recounted BIGINT, tokenizer_recounted VARCHAR, ratio DOUBLE, note VARCHAR
-- ratio: the recount divided by the count. A count is mostly that of the corpus's card; its tokenizer is empty if the
-- source names none. Two tokenizers differ by up to a fifth on the same text (see token_rates), and some recounts are
-- of another edition, which the note says. Counts of words are left out. Tokens are as published.
with counts as (
    select corpus, component, tokens, tokenizer, year, note
    from published_corpora
    where tokens is not null and tokenizer not like '%word%' and counted <> 'repeated'
)
select c.corpus, c.component, c.tokens, c.tokenizer, r.corpus || '/' || r.component as recount,
       r.tokens as tokens_recounted, r.tokenizer as tokenizer_recounted, r.tokens / c.tokens as ratio,
       concat_ws('; ', nullif(l.note, ''), nullif(r.note, '')) as note
from published_lineage l
join counts r on r.corpus = l.child and r.component = l.child_component
join counts c on c.corpus = l.parent and c.component = l.parent_component
where l.relation = 'recount_of' and l.child = l.parent and abs(r.tokens / c.tokens - 1) > 0.1
order by ratio, c.corpus, c.component, recount;
