-- What was left out of the folders that were counted, by which rule?
-- returns: source VARCHAR, rule VARCHAR, paths BIGINT, example VARCHAR
select source, rule, count(*)::bigint as paths, min(path) as example
from left_out
group by source, rule
order by source, rule;
