-- The stored tables. They may change: users read the views of views.sql instead.
create schema store;

create table store.ingests (
    ingest    bigint primary key,
    source    varchar not null,
    started   timestamp not null,       -- UTC
    finished  timestamp,                -- null while it runs, or after a crash
    version   varchar not null,         -- of tokaudit
    settings  varchar not null          -- JSON: paths, options, tokenizers, versions of the counting libraries
);

create table store.sources (
    source     varchar primary key,
    domain     varchar not null,
    reader     varchar not null,        -- as asked for: 'auto' or a name
    text_field varchar not null,
    clean      varchar not null,        -- 'default' or 'none'
    steps      varchar[] not null,      -- cleaning steps applied, in order
    labels     varchar[] not null       -- NAME=FIELD of the fields that are kept
);

create table store.tokenizers (
    tokenizer         integer primary key,
    name              varchar not null unique,
    vocabulary_sha256 varchar not null unique,
    counter           varchar not null  -- library and version that counted
);

create table store.files (
    file        bigint not null,        -- only grows; means nothing outside this catalog
    source      varchar not null,
    path        varchar not null,       -- absolute path or URL
    below       varchar not null,       -- path below the ingested folder: decides which duplicate is kept
    size        bigint not null,        -- bytes as stored
    modified    varchar not null,
    content     varchar not null,       -- xxh3-128 of the stored bytes, or the revision of a hub data set
    reader      varchar not null,       -- reader that read it
    state       varchar not null,       -- 'staged' (not complete yet), 'counted', 'partial' (its rest is a bad record)
    documents   bigint not null,
    bytes       bigint not null,        -- UTF-8 bytes of text
    bad_records bigint not null,
    ingest      bigint not null
);

create table store.documents (
    document bigint not null,           -- only grows; means nothing outside this catalog
    file     bigint not null,
    ordinal  bigint not null,
    "offset" bigint,
    bytes    bigint not null,
    words    bigint not null,
    key_hi   ubigint not null,          -- 128-bit hash of the text
    key_lo   ubigint not null
);

create table store.token_counts (document bigint not null, tokenizer integer not null, tokens bigint not null);
create table store.counted_with (file bigint not null, tokenizer integer not null);
create table store.labels (document bigint not null, name varchar not null, value varchar not null);

create table store.bad_records (
    file bigint not null, ordinal bigint, "offset" bigint, code varchar not null, why varchar not null
);

create table store.left_out (source varchar not null, path varchar not null, rule varchar not null);

-- Files of MinHash signatures next to the catalog.
create table store.fragments (
    fragment varchar primary key,       -- name of the file in <catalog>.parts/
    bytes    bigint not null,
    xxh3     varchar not null,          -- of the file
    texts    bigint not null,
    probed   boolean not null           -- whether its texts have been compared with all others
);

-- Verified similarities of two different texts, ordered by key: a < b.
create table store.similarities (
    a_hi ubigint not null, a_lo ubigint not null, b_hi ubigint not null, b_lo ubigint not null,
    similarity double not null,         -- Jaccard of the shingle sets
    how       varchar not null,         -- 'reread', 'estimate', 'estimate_file_gone'
    candidate boolean not null          -- proposed by LSH: a link, if it reaches the threshold
);

-- Documents that do not count, for each scope. Every ingest derives them again.
create table store.uncounted (
    scope      varchar not null,        -- 'catalog', 'domain' or 'source'
    document   bigint not null,
    kept       bigint not null,         -- the document that counts in its place
    exact_copy boolean not null,        -- an earlier document in the scope has the same text
    similarity double,                  -- to the kept document; only for 'catalog'
    kind       varchar                  -- 'exact' or 'near', to the kept document; only for 'catalog'
);

-- Whether the derived rows cover all documents. False while an ingest runs, and after a crash.
create table store.derived (fresh boolean not null);
insert into store.derived values (true);
