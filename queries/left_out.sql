-- What was left out of the ingested folders and archives, by which rule?
-- returns: source VARCHAR, rule VARCHAR, files BIGINT, bytes BIGINT, example VARCHAR
select source, rule, sum(number)::bigint as files, sum(bytes)::bigint as bytes,
       min(path || coalesce('!' || part, '')) as example
from left_out
group by source, rule
order by source, rule;
