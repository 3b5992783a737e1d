-- Texts of the groups, as last derived, that contain a document with a text in `incoming`.
with document as (
    select document from store.documents semi join store.whole using (file) semi join incoming using (key_hi, key_lo)
),
kept as (
    from document
    union all select kept from store.uncounted semi join document using (document) where scope = 'catalog'
),
member as (
    select unnest([document, kept]) as document
    from store.uncounted semi join (select document as kept from kept) using (kept) where scope = 'catalog'
)
select distinct key_hi, key_lo from store.documents semi join member using (document)
