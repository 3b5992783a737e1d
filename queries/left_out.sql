-- How many paths in the ingested folders were left out, by which rule?
-- returns: source VARCHAR, rule VARCHAR, paths BIGINT, example VARCHAR
select source, rule, count(*)::bigint as paths, min(path) as example
from left_out
group by source, rule
order by source, rule;
