-- How much text extractors take, and what whole pipelines leave of WARC files, in one table; null means not published.
-- It is refilled from its file, so dropping the earlier table loses nothing.
drop view if exists extraction_yields;
drop table store.extraction_yields;
create table store.published_yields (
    pipeline varchar not null, text varchar not null, characters_per_page double, tokens_per_page double,
    tokens double, kind varchar not null, source varchar not null, note varchar not null, warcs bigint,
    documents bigint, tokenizer varchar not null
);
delete from store.shipped where name = 'extraction_yields';
