-- The views in the file of a catalog, and the tables that its user made next to them: each column, in order.
with named as (
    select database_name, view_oid as oid, view_name as name, comment from duckdb_views() where not internal
    union all
    select database_name, table_oid, table_name, comment from duckdb_tables() where not internal
)
select n.name, n.comment as of_view, c.column_name, c.data_type, c.comment
from duckdb_columns() c
join named n on n.oid = c.table_oid and n.database_name = c.database_name and n.name = c.table_name
where c.schema_name = 'main' and c.database_name = current_database()
order by n.name, c.column_index;
