-- Which groups of duplicates have the most documents?
-- returns: kept_path VARCHAR, kept_ordinal BIGINT, documents BIGINT, near BIGINT, least_similarity DOUBLE
select kept_path, kept_ordinal, count(*)::bigint as documents,
       count(*) filter (kind = 'near')::bigint as near, min(similarity) as least_similarity
from groups
group by kept_document, kept_path, kept_ordinal
order by documents desc, kept_path, kept_ordinal;
