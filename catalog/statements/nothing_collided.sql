-- Whether no document that is new belongs to a group, and nothing happened to those there are: see `affected_documents`.
with live as (
    from store.documents anti join (select file from store.files where state = 'staged') using (file)
),
fresh as (select key_hi, key_lo from live where document >= (select new_from from store.derived)),
ends as (select a_hi as key_hi, a_lo as key_lo from store.links union all select b_hi, b_lo from store.links)
select not exists (from store.disturbed)
   and not exists (select 1 from fresh group by key_hi, key_lo having count(*) > 1)
   and not exists (from ends semi join fresh using (key_hi, key_lo))
   and not exists (
       from live semi join fresh using (key_hi, key_lo) where document < (select new_from from store.derived)
   )
