-- Totals of the complete files at the paths in `incoming`.
select coalesce(sum(documents)::bigint, 0) as documents, coalesce(sum(bytes)::bigint, 0) as bytes,
       coalesce(sum(bad_records)::bigint, 0) as bad_records,
       count(*) filter (not checked and documents > 0)::bigint as unchecked_files
from store.whole semi join incoming using (path)
