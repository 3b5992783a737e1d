-- How similar are the pairs of near-duplicates, and how was that decided?
-- returns: similarity_from DOUBLE, similarity_below DOUBLE, pairs BIGINT, reread BIGINT, estimated BIGINT, estimated_file_gone BIGINT
-- Pairs of different texts. The last band includes 1. reread: computed from the texts; estimated: from their signatures.
with banded as (select least(floor(similarity * 20), 19) as band, how from pairs)
select band / 20 as similarity_from, (band + 1) / 20 as similarity_below, count(*)::bigint as pairs,
       count(*) filter (how = 'reread')::bigint as reread, count(*) filter (how = 'estimate')::bigint as estimated,
       count(*) filter (how = 'estimate_file_gone')::bigint as estimated_file_gone
from banded
group by band
order by similarity_from;
