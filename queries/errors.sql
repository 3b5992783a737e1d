-- Which records and files could not be counted, where, and why?
-- returns: source VARCHAR, path VARCHAR, ordinal BIGINT, offset BIGINT, code VARCHAR, why VARCHAR
select source, path, ordinal, "offset", code, why
from bad_records
order by source, path, ordinal nulls last, "offset", code;
