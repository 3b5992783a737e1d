-- Which views can SQL read, and what does each column contain?
-- returns: view VARCHAR, column VARCHAR, type VARCHAR, comment VARCHAR
select c.table_name as view, c.column_name as "column", c.data_type as type, c.comment
from duckdb_columns() c join duckdb_views() v on v.view_oid = c.table_oid
where c.schema_name = 'main' and c.database_name = current_database() and not v.internal
order by c.table_name, c.column_index;
