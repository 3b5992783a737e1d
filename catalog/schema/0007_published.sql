-- Published facts on corpora, tokenizers, stocks and training sets, from catalog/reference. A table is refilled if its
-- file has changed when a catalog is opened for writing.
create table store.published_corpora (
    corpus varchar not null, component varchar not null, domain varchar not null, languages varchar not null,
    tokens bigint, tokens_low bigint, tokens_high bigint, tokenizer varchar not null, bytes bigint, documents bigint,
    extent varchar not null, standard boolean not null, counted varchar not null,
    dedup varchar not null, dedup_scope varchar not null, availability varchar not null, licence varchar not null,
    year integer not null, kind varchar not null, source varchar not null, note varchar not null
);
create table store.published_lineage (
    child varchar not null, child_component varchar not null, relation varchar not null,
    parent varchar not null, parent_component varchar not null, fraction double, unlisted varchar not null,
    kind varchar not null, source varchar not null, note varchar not null
);
create table store.published_dedup (
    corpus varchar not null, component varchar not null, method varchar not null, scope varchar not null,
    unit varchar not null, "before" bigint, "after" bigint,
    removed_pct double, removed_pct_low double, removed_pct_high double,
    params varchar not null, kind varchar not null, source varchar not null, note varchar not null
);
create table store.token_rates (
    tokenizer varchar not null, text varchar not null, domain varchar not null,
    bytes double, characters double, tokens double, source varchar not null
);
create table store.stocks (
    stock varchar not null, domain varchar not null, adjusted varchar not null, value double, low double, high double,
    level double, unit varchar not null, year integer not null, method varchar not null,
    kind varchar not null, source varchar not null, note varchar not null
);
create table store.training_sets (
    run varchar not null, year integer not null, tokens_total bigint not null, tokens_natural bigint,
    tokens_unique bigint, kind varchar not null, source varchar not null, note varchar not null
);
-- Which shipped files are in this catalog: hash of each file's content and of the version that read it.
create table store.shipped (name varchar primary key, sha256 varchar not null);
