-- Which published corpora have which availability and licence?
-- returns: availability VARCHAR, licence VARCHAR, corpora BIGINT, names VARCHAR
-- An empty licence means that it is unknown.
select availability, licence, count(distinct corpus)::bigint as corpora,
       string_agg(distinct corpus, ', ' order by corpus) as names
from published_corpora
group by availability, licence
order by availability, corpora desc, licence;
