-- In which files could changed bytes go unnoticed, because no check sums cover them?
-- returns: source VARCHAR, path VARCHAR, reader VARCHAR, why VARCHAR, size BIGINT, documents BIGINT, bytes BIGINT
-- size is that of the file, and bytes those of its text.
select source, path, reader,
       case when checked is null then 'counted by an older tokaudit, which did not look for check sums'
            else 'its format and compression carry no check sums' end as why,
       size, documents, bytes
from files
where checked is not true
order by size desc, path;
