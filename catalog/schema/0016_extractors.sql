-- How published corpora took their text from pages, and how much text each extractor takes. Both are refilled from
-- their files; in the second, null means not published.
create table store.published_extractors (
    corpus varchar not null, component varchar not null, extractor varchar not null, kind varchar not null,
    source varchar not null, note varchar not null
);
create table store.extraction_yields (
    extractor varchar not null, text varchar not null, characters_per_page double, tokens_per_page double,
    tokens double, kind varchar not null, source varchar not null, note varchar not null
);
