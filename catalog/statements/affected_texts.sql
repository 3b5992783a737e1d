-- Of the stale texts of a range of keys those that may be in a group: most are like no other.
-- params: $low UBIGINT, $high UBIGINT, $new_from BIGINT
insert into affected
select key_hi, key_lo from stale where documents <> 1
union all
select key_hi, key_lo from stale semi join (
    select key_hi, key_lo from live
    where document < $new_from and key_hi between $low::ubigint and $high::ubigint
    union all
    select a_hi, a_lo from store.links where a_hi between $low::ubigint and $high::ubigint
    union all
    select b_hi, b_lo from store.links where b_hi between $low::ubigint and $high::ubigint
) using (key_hi, key_lo)
