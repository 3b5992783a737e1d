-- Each document, whether it counts in the whole catalog, the number of its group, and what counts in its place. Groups
-- are numbered from 0 in the order of their kept documents, which does not depend on the order of ingest.
-- returns: document BIGINT, source VARCHAR, domain VARCHAR, path VARCHAR, below VARCHAR, ordinal BIGINT, offset BIGINT, bytes BIGINT, words BIGINT, counts BOOLEAN, group BIGINT, kept_source VARCHAR, kept_path VARCHAR, kept_ordinal BIGINT, similarity DOUBLE, kind VARCHAR
with kept as (
    select d.document, f.source, f.path, d.ordinal,
           row_number() over (order by f.source, f.below, d.ordinal, f.path) - 1 as number
    from store.documents d
    join store.whole f using (file)
    where d.document in (select kept from store.uncounted where scope = 'catalog')
)
select d.document, f.source, s.domain, f.path, f.below, d.ordinal, d."offset", d.bytes, d.words,
       u.document is null as counts, k.number as "group",
       k.source as kept_source, k.path as kept_path, k.ordinal as kept_ordinal, u.similarity, u.kind
from store.documents d
join store.whole f using (file)
join store.sources s using (source)
left join store.uncounted u on u.document = d.document and u.scope = 'catalog'
left join kept k on k.document = coalesce(u.kept, d.document)
