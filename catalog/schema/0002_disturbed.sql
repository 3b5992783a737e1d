-- Texts whose groups must be derived again: they have new pairs, or documents that were removed or moved.
create table store.disturbed (key_hi ubigint not null, key_lo ubigint not null);
