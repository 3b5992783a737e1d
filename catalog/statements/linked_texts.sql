-- Texts that are linked to a text in `incoming`.
select b_hi as key_hi, b_lo as key_lo from store.links semi join incoming on a_hi = key_hi and a_lo = key_lo
union
select a_hi, a_lo from store.links semi join incoming on b_hi = key_hi and b_lo = key_lo
