-- Each file of either catalog with the same file of the other, if there is one: same source and path below the folder.
-- `incoming` has the files of the first catalog. `cause` is null for a file that was not changed.
-- params: $by VARCHAR ('domain' or 'source')
create temp table diff_pairs as
select coalesce(b.file, -1 - a.file) as pair, a.file as file_a, b.file as file_b,
       case $by when 'source' then a.source else a.domain end as row_a,
       case $by when 'source' then b.source else b.domain end as row_b,
       a.state is distinct from b.state as other_state,
       coalesce(a.bad_records, 0) as bad_a, coalesce(b.bad_records, 0) as bad_b,
       case when a.file is null then 'files added'
            when b.file is null then 'files removed'
            when a.content <> b.content then 'files changed' end as cause
from incoming a
full join diff_files b on b.source = a.source and b.below = a.below and b.nth = a.nth
