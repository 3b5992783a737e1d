-- How often does each saved plan repeat the unique tokens of each domain?
-- params: $plan VARCHAR = null
-- returns: plan VARCHAR, domain VARCHAR, share DOUBLE, tokens_needed DOUBLE, tokens_unique DOUBLE, epochs DOUBLE, epochs_low DOUBLE, epochs_high DOUBLE, tokens_effective DOUBLE, verdict VARCHAR
-- $plan is the name of a saved plan, or null for every plan. epochs_low and epochs_high are those that the high and the
-- low bound of the unique tokens give. The most repeated domain of each plan comes first.
with named as (
    select case when $plan is null or exists (from plans where name = $plan) then $plan
                else error('no plan is saved as ' || $plan || ' (the catalog has: '
                           || coalesce((select string_agg(name, ', ' order by name) from plans), 'none') || ')')
           end as plan
)
select plan, domain, share, tokens_needed, tokens_unique, epochs,
       epochs * tokens_unique / nullif(tokens_unique_high, 0) as epochs_low,
       epochs * tokens_unique / nullif(tokens_unique_low, 0) as epochs_high, tokens_effective, verdict
from plan_domains
where plan = coalesce((from named), plan)
order by plan, epochs desc nulls last, domain;
