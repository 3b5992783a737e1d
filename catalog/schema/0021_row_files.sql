-- optional: catalogs without it are read as if all their rows were in the catalog's file.
-- Rows of documents, their token counts and their labels are here, or in Parquet files next to the catalog. The views
-- below contain both; tokaudit/catalog/row_files.py makes them anew whenever it changes the table of the files.
alter table store.documents rename to documents_here;
alter table store.token_counts rename to token_counts_here;
alter table store.labels rename to labels_here;
create view store.documents as from store.documents_here;
create view store.token_counts as from store.token_counts_here;
create view store.labels as from store.labels_here;
-- The Parquet files. A file that is not in this table, for example after a crash, is never read.
create table store.row_files (
    contents       varchar not null,    -- 'documents', 'token_counts' or 'labels': also its folder in <catalog>.parts/
    part           bigint not null,     -- which documents: numbers from part * 2,000,000 on
    name           varchar not null,    -- of the file, in its folder
    "rows"         bigint not null,
    bytes          bigint not null,     -- of the file
    xxh3           varchar not null,    -- xxh3-128 of the file
    first_document bigint not null,     -- smallest number of a document in it
    last_document  bigint not null,     -- largest
    version        integer not null     -- of the columns, as in the file's metadata
);
