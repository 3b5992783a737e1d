-- What a database contains except rows of tables: its schemas, tables, views, commented columns, indexes, sequences,
-- macros, types and triggers.
-- params: $name VARCHAR
select 'schema' as kind, schema_name as place, '' as name, '' as definition, comment
from duckdb_schemas() where database_name = $name and not internal
union all
select 'table', schema_name, table_name, sql, comment from duckdb_tables() where database_name = $name and not internal
union all
select 'view', schema_name, view_name, sql, comment from duckdb_views() where database_name = $name and not internal
union all
select 'column', schema_name, table_name || '.' || column_name, data_type, comment
from duckdb_columns() where database_name = $name and not internal and comment is not null
union all
select 'index', schema_name, index_name, sql, comment from duckdb_indexes() where database_name = $name
union all
select 'sequence', schema_name, sequence_name,
       concat_ws(' ', start_value, min_value, max_value, increment_by, "cycle", last_value), comment
from duckdb_sequences() where database_name = $name
union all
select 'macro', schema_name, function_name, concat_ws(' ', function_type, parameters, macro_definition), comment
from duckdb_functions() where database_name = $name and not internal
union all
select 'type', schema_name, type_name, concat_ws(' ', logical_type, labels), comment
from duckdb_types() where database_name = $name and not internal
union all
select 'trigger', schema_name, trigger_name, sql, comment from duckdb_triggers() where database_name = $name
order by all
