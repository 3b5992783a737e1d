-- Texts of the groups as they were, which links that are gone held together.
insert into affected
with old as (
    select document from live semi join affected using (key_hi, key_lo)
    where document <= (select max(document) from store.members)
),
before as (
    select document as kept from old
    union all select kept from store.uncounted semi join old using (document) where scope = 'catalog'
),
member as (
    select unnest([document, kept]) as document from store.uncounted semi join before using (kept)
    where scope = 'catalog'
)
select distinct key_hi, key_lo from store.documents semi join member using (document)
