-- Documents with a text in `incoming`, in the order that decides which is kept.
with place as (
    select file, domain.number as domain, source.number as source,
           dense_rank() over (order by f.source, f.below) as place,
           row_number() over (order by f.source, f.below, f.path) as turn
    from store.whole f
    join (select source, row_number() over (order by source) - 1 as number, domain from store.sources) source
        using (source)
    join (select domain, row_number() over (order by domain) - 1 as number from store.sources group by domain) domain
        using (domain)
)
select d.document, p.domain, p.source, i.place as text
from store.documents d join incoming i using (key_hi, key_lo) join place p using (file)
order by p.place, d.ordinal, p.turn
