-- By how much each row changed and why; the causes of a row add up to the second catalog minus the first. If $whole, the
-- only row is the whole catalog. `kept_source` has the copies in whose place documents do not count, or did not.
-- params: $whole BOOLEAN
with documents as (
    select pair, in_a, in_b, tokens_a, tokens_b, cause,
           case when $whole then '' else row_a end as row_a,
           case when $whole then '' else row_b end as row_b,
           case when $whole then whole_exact_a else row_exact_a end as exact_a,
           case when $whole then whole_exact_b else row_exact_b end as exact_b,
           case when $whole then whole_counts_a else row_counts_a end as counts_a,
           case when $whole then whole_counts_b else row_counts_b end as counts_b,
           case when $whole then whole_kept_a else row_kept_a end as kept_a,
           case when $whole then whole_kept_b else row_kept_b end as kept_b
    from diff_changed
),
explained as (
    select * replace (
        case when cause is not null then cause
             when row_a <> row_b then 'moved to another domain'
             when exact_a::int + counts_a::int > exact_b::int + counts_b::int then 'now duplicates'
             when exact_a::int + counts_a::int < exact_b::int + counts_b::int then 'no longer duplicates' end as cause)
    from documents
),
changes as (
    select row_a as "row", cause, case cause when 'now duplicates' then kept_b when 'no longer duplicates' then kept_a end as kept,
           pair, -1 as sign, 0 as bad, tokens_a as tokens, exact_a as exact, counts_a as counts
    from explained where in_a and cause is not null
    union all
    select row_b, cause, case cause when 'now duplicates' then kept_b when 'no longer duplicates' then kept_a end,
           pair, 1, 0, tokens_b, exact_b, counts_b
    from explained where in_b and cause is not null
    union all
    select case when $whole then '' else row_a end, coalesce(cause, case when $whole or row_a = row_b then 'bad records'
                                                                         else 'moved to another domain' end),
           null, pair, 0, -bad_a, 0, false, false
    from diff_pairs where file_a is not null and (cause is not null or bad_a <> bad_b or (not $whole and row_a <> row_b))
    union all
    select case when $whole then '' else row_b end, coalesce(cause, case when $whole or row_a = row_b then 'bad records'
                                                                         else 'moved to another domain' end),
           null, pair, 0, bad_b, 0, false, false
    from diff_pairs where file_b is not null and (cause is not null or bad_a <> bad_b or (not $whole and row_a <> row_b))
)
select "row", cause, kept as kept_source, count(distinct pair)::bigint as files,
       sum(sign)::bigint as documents_seen,
       sum(sign * exact::int)::bigint as documents_unique_exact,
       sum(sign * counts::int)::bigint as documents_unique,
       sum(sign * tokens)::bigint as tokens_seen,
       sum(sign * tokens * exact::int)::bigint as tokens_unique_exact,
       sum(sign * tokens * counts::int)::bigint as tokens_unique,
       sum(bad)::bigint as bad_records
from changes
group by all
