-- Texts of large LSH buckets. Not all of their pairs are stored: if one is removed, others must be compared again.
create table store.crowded (key_hi ubigint not null, key_lo ubigint not null);
