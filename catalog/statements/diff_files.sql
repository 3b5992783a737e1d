-- The files of a catalog, for a comparison with those of another. `nth` tells files of one source apart that have the same
-- path below the folders that were ingested.
select f.file, s.domain, f.source, f.below, f.content, f.state, f.bad_records,
       row_number() over (partition by f.source, f.below order by f.path) as nth
from store.whole f join store.sources s using (source)
