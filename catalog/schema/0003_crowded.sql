-- Texts of crowded buckets, whose pairs are not all stored: when one is gone, others may have to be compared again.
create table store.crowded (key_hi ubigint not null, key_lo ubigint not null);
