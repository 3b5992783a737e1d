-- Functions whose answer changes from call to call or with the time, or that do something: they and macros of them.
with changing as (
    select distinct function_name as name
    from duckdb_functions()
    where function_type = 'scalar'
      and (stability = 'VOLATILE'
           or stability = 'CONSISTENT_WITHIN_QUERY' and (len(parameters) = 0 or function_name = 'age'))
)
select name from changing
union
select function_name
from duckdb_functions()
where function_type = 'macro'
  and (contains(lower(macro_definition), 'select') or contains(macro_definition, 'current_')
       or exists (from changing where contains(macro_definition, name || '(')))
