-- Documents that are in one catalog only, or do not count in both alike. `incoming` has those of the first catalog,
-- `documents_b` those of the second. `cause` is null for a document that is in both, with the same text and tokens.
-- A record that is bad in one catalog explains a document that only the other one has.
a as (select p.pair, i.* from incoming i join diff_pairs p on p.file_a = i.file),
b as (select p.pair, d.* from documents_b d join diff_pairs p on p.file_b = d.file),
bad_a as (select distinct p.pair, x.ordinal from diff_bad x join diff_pairs p on p.file_a = x.file),
bad_b as (select distinct p.pair, x.ordinal from store.bad_records x join diff_pairs p on p.file_b = x.file),
both_sides as (
    select coalesce(a.pair, b.pair) as pair, coalesce(a.ordinal, b.ordinal) as ordinal,
           a.pair is not null as in_a, b.pair is not null as in_b,
           a.tokens as tokens_a, b.tokens as tokens_b,
           a.row_exact as row_exact_a, b.row_exact as row_exact_b,
           a.row_counts as row_counts_a, b.row_counts as row_counts_b, a.row_kept as row_kept_a, b.row_kept as row_kept_b,
           a.whole_exact as whole_exact_a, b.whole_exact as whole_exact_b,
           a.whole_counts as whole_counts_a, b.whole_counts as whole_counts_b,
           a.whole_kept as whole_kept_a, b.whole_kept as whole_kept_b,
           coalesce(a.key_hi = b.key_hi and a.key_lo = b.key_lo and a.tokens = b.tokens, false) as same
    from a full join b on b.pair = a.pair and b.ordinal = a.ordinal
)
select d.* exclude (ordinal, same), p.row_a, p.row_b,
       case when d.same then null
            when p.file_a is null or p.file_b is null then p.cause
            when (not in_a and bad_a.pair is not null) or (not in_b and bad_b.pair is not null) then 'bad records'
            when p.cause is not null then p.cause
            when p.other_state and not (in_a and in_b) then 'bad records'
            else 'counted otherwise' end as cause
from both_sides d
join diff_pairs p using (pair)
left join bad_a on bad_a.pair = d.pair and bad_a.ordinal = d.ordinal
left join bad_b on bad_b.pair = d.pair and bad_b.ordinal = d.ordinal
where not d.same or p.row_a <> p.row_b
   or row_exact_a <> row_exact_b or row_counts_a <> row_counts_b
   or whole_exact_a <> whole_exact_b or whole_counts_a <> whole_counts_b
