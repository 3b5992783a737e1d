-- What was left out of the ingested folders, archives and crawls, by which rule?
-- returns: source VARCHAR, rule VARCHAR, files BIGINT, parts BIGINT, bytes BIGINT, example VARCHAR
-- Parts are those of the files that are records of crawls or members of archives.
select source, rule, sum(number)::bigint as files,
       coalesce(sum(number) filter (part is not null), 0)::bigint as parts, sum(bytes)::bigint as bytes,
       min(path || coalesce('!' || part, '')) as example
from left_out
group by source, rule
order by source, rule;
