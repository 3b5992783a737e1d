-- The type that holds all values of a label.
-- params: $labels VARCHAR[]
with known as (
    select distinct name, value
    from store.labels
    -- Only staged documents are looked up, and there are few.
    anti join (select document from store.documents join store.files using (file) where state = 'staged') using (document)
    where list_contains($labels, name)
)
select name,
       case when bool_and(try_cast(value as double) is not null) then 'DOUBLE'
            when bool_and(value in ('true', 'false')) then 'BOOLEAN'
            when bool_and(regexp_full_match(value, '\d{4}-\d\d-\d\d')
                          and try_cast(value as date) is not null) then 'DATE'
            when bool_and(regexp_matches(value, '^\d{4}-\d\d-\d\d([T ]|$)')
                          and try_cast(value as timestamp) is not null) then 'TIMESTAMP'
            else 'VARCHAR' end as type
from known
group by name
