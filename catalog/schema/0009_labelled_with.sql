-- Labels, as NAME=FIELD, that all documents of a file were read with. Of files that came in before nobody noted it:
-- those of a source that keeps labels are read again by the next ingest that selects them.
create table store.labelled_with (file bigint not null, label varchar not null);
