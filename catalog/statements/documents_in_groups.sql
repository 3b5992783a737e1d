-- Documents in a group, with their place in the order that decides which is kept: by `place`, ordinal and `turn`.
-- Documents in no group count in every row.
-- returns: document BIGINT, domain VARCHAR, source VARCHAR, key_hi UBIGINT, key_lo UBIGINT, place BIGINT, ordinal BIGINT, turn BIGINT
with file as (
    select file, source, domain,
           dense_rank() over (order by source, below) as place,
           row_number() over (order by source, below, path) as turn
    from store.whole join store.sources using (source)
)
select d.document, f.domain, f.source, d.key_hi, d.key_lo, f.place, d.ordinal, f.turn
from store.documents d
join file f using (file)
where d.document in (select document from store.members)
