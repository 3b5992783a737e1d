-- Which kinds of faults do bad records have, how many are there, and where is an example?
-- returns: source VARCHAR, code VARCHAR, records BIGINT, files BIGINT, share DOUBLE, example_path VARCHAR, example_ordinal BIGINT, example_why VARCHAR
-- share is of the source's records, good or bad. `tokaudit explain CODE` has cause and remedy.
with seen as (select source, sum(documents + bad_records) as records from files group by source)
select b.source, b.code, count(*)::bigint as records, count(distinct b.path)::bigint as files,
       count(*) / nullif(any_value(s.records), 0) as share,
       arg_min(b.path, (b.path, b.ordinal)) as example_path, arg_min_null(b.ordinal, (b.path, b.ordinal)) as example_ordinal,
       arg_min(b.why, (b.path, b.ordinal)) as example_why
from bad_records b join seen s using (source)
group by b.source, b.code
order by records desc, b.source, b.code;
