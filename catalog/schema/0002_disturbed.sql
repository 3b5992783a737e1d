-- Texts whose groups are to be derived anew: of new pairs, of documents that are gone or placed otherwise.
create table store.disturbed (key_hi ubigint not null, key_lo ubigint not null);
