-- The views of a catalog, and the tables that its user made next to them: each column, in order.
select v.view_name as name, v.comment as of_view, c.column_name, c.data_type, c.comment
from (
    select view_oid as oid, view_name, comment from duckdb_views() where schema_name = 'main' and not internal
    union all
    select table_oid, table_name, comment from duckdb_tables() where schema_name = 'main' and not internal
) v
join duckdb_columns() c on c.table_oid = v.oid and c.schema_name = 'main'
order by v.view_name, c.column_index;
