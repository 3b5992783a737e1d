-- Totals of the complete files at the paths in `incoming`.
select coalesce(sum(documents)::bigint, 0) as documents, coalesce(sum(bytes)::bigint, 0) as bytes,
       coalesce(sum(bad_records)::bigint, 0) as bad_records
from store.whole semi join incoming using (path)
