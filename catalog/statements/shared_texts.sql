-- Texts in a range of keys that more than one document has.
-- params: $low UBIGINT, $high UBIGINT
select key_hi, key_lo from store.documents semi join store.whole using (file)
where key_hi between $low::ubigint and $high::ubigint
group by all having count(*) > 1
