-- Texts in a range of keys whose groups are stale, and how many new documents each has: 0 if it is only disturbed.
-- params: $low UBIGINT, $high UBIGINT, $new_from BIGINT
select key_hi, key_lo, count(*) as documents from store.documents semi join store.whole using (file)
where document >= $new_from and key_hi between $low::ubigint and $high::ubigint
group by all
union all
select key_hi, key_lo, 0 from store.disturbed where key_hi between $low::ubigint and $high::ubigint
