-- Files that are all in, in the order that decides which document is kept, with the numbers of their rows.
create temp table place as
select file, domain.number as domain, source.number as source,
       dense_rank() over (order by f.source, f.below) as place,
       row_number() over (order by f.source, f.below, f.path) as turn
from store.whole f
join (select source, row_number() over (order by source) - 1 as number, domain from store.sources) source
    using (source)
join (select domain, row_number() over (order by domain) - 1 as number from store.sources group by domain) domain
    using (domain)
