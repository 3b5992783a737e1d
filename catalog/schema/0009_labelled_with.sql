-- Labels, as NAME=FIELD, that all documents of a file were read with. Files that were counted before this migration
-- have no rows: if their source keeps labels, the next ingest that selects them reads them again.
create table store.labelled_with (file bigint not null, label varchar not null);
