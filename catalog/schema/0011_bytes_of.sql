-- New column bytes_of: the bytes of a published corpus measure its text, or something that gives no token count.
-- A reference table is refilled from its file, so dropping it loses nothing.
drop table store.published_corpora;
create table store.published_corpora (
    corpus varchar not null, component varchar not null, domain varchar not null, languages varchar not null,
    tokens bigint, tokens_low bigint, tokens_high bigint, tokenizer varchar not null,
    bytes bigint, bytes_of varchar, documents bigint,
    extent varchar not null, standard boolean not null, counted varchar not null,
    dedup varchar not null, dedup_scope varchar not null, availability varchar not null, licence varchar not null,
    year integer not null, kind varchar not null, source varchar not null, note varchar not null
);
delete from store.shipped where name = 'published_corpora';
