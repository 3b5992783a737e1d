-- optional: catalogs without it are read as if no `forget` had been cut off.
-- Sources whose rows are gone while what rests on them is not: unused signatures are there, and groups are stale.
create table store.forgotten (
    source varchar not null, started timestamp not null,    -- UTC
    files bigint not null, documents bigint not null        -- how many were removed
);
