-- Marks the groups stale that contain a document of a file in `incoming`: notes the texts of all their members.
with document as (select document from store.documents semi join incoming using (file)),
stale as (
    select kept from store.uncounted semi join document using (document) where scope = 'catalog'
    union all select document from document
),
member as (
    select unnest([document, kept]) as document from store.uncounted semi join stale using (kept)
    where scope = 'catalog'
)
insert into store.disturbed by name
select distinct key_hi, key_lo from store.documents semi join member using (document)
