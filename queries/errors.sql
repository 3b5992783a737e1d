-- What could not be read, where, and why?
-- returns: source VARCHAR, path VARCHAR, ordinal BIGINT, offset BIGINT, code VARCHAR, why VARCHAR
select source, path, ordinal, "offset", code, why
from bad_records
order by source, path, ordinal nulls last, "offset", code;
