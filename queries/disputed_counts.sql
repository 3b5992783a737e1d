-- Which published token counts are disputed, and by how much?
-- returns: corpus VARCHAR, component VARCHAR, domain VARCHAR, tokens BIGINT, tokens_low BIGINT, tokens_high BIGINT, ratio DOUBLE, note VARCHAR
select corpus, component, domain, tokens, tokens_low, tokens_high, tokens_high / tokens_low as ratio, note
from published_corpora
where tokens_low < tokens_high
order by ratio desc, corpus, component;
