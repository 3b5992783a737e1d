-- Texts with a link to a stale text of a range of keys.
-- params: $low UBIGINT, $high UBIGINT
insert into affected
select b_hi, b_lo from store.links semi join stale on a_hi = key_hi and a_lo = key_lo
where a_hi between $low::ubigint and $high::ubigint
union
select a_hi, a_lo from store.links semi join stale on b_hi = key_hi and b_lo = key_lo
where b_hi between $low::ubigint and $high::ubigint
