-- A small registry that replaces the shipped one, so that adding a corpus changes no stored answer.
delete from store.published_corpora;
insert into store.published_corpora by name
select corpus, component, domain, 'en' as languages, tokens, tokens_low, tokens_high, tokenizer, null as bytes,
       null as documents, extent, standard, counted, 'near(minhash)' as dedup, 'global' as dedup_scope, availability,
       licence, 2024 as year, kind, 'a test' as source, note
from (values
    ('Crawl', 'all', 'web', 900, null, null, 'a', 'whole', false, 'nominal', 'open', 'ODC-BY', 'read', ''),
    ('Crawl', 'exact', 'web', 300, null, null, 'a', 'whole', false, 'exact', 'open', 'ODC-BY', 'read', ''),
    ('Crawl', 'near', 'web', 200, 150, 240, 'a', 'whole', true, 'near', 'open', 'ODC-BY', 'read', 'two sources'),
    ('Crawl', 'in words', 'web', 950, null, null, 'words', 'whole', false, 'nominal', 'open', 'ODC-BY', 'read', ''),
    ('Dump', 'all', 'web', 5000, null, null, 'b', 'whole', true, 'nominal', 'open', '', 'read', ''),
    ('Memory', 'all', 'web', 9000, null, null, 'b', 'whole', true, 'near', 'open', '', 'recalled', ''),
    ('Mix', 'pages', 'web', 100, null, null, 'b', 'part', true, 'near', 'open', 'of each source', 'read', ''),
    ('Mix', 'programs', 'code', 40, 30, 60, 'b', 'part', true, 'exact', 'open', 'of each source', 'read', 'estimated'),
    ('Mix', 'all', 'other', 140, null, null, 'b', 'whole', false, 'near', 'open', 'of each source', 'read', ''),
    ('Gated', 'all', 'code', 400, null, null, 'c', 'whole', true, 'near', 'gated', 'terms of use', 'read', ''),
    ('Gated', 'counted again', 'code', 300, null, null, 'a', 'whole', false, 'near', 'gated', 'terms of use', 'read', 'later'),
    ('Gated', 'in another way', 'code', 380, null, null, 'b', 'whole', false, 'near', 'gated', 'terms of use', 'read', ''),
    ('Uncounted', 'all', 'code', null, null, null, '', 'whole', true, 'near', 'open', '', 'read', '')
) as t(corpus, component, domain, tokens, tokens_low, tokens_high, tokenizer, extent, standard, counted, availability,
       licence, kind, note);

delete from store.published_lineage;
insert into store.published_lineage by name
select child, child_component, relation, parent, parent_component, null as fraction, '' as unlisted, 'read' as kind,
       'a test' as source, '' as note
from (values
    ('Crawl', 'near', 'dedup_of', 'Crawl', 'exact'),
    ('Crawl', 'exact', 'dedup_of', 'Crawl', 'all'),
    ('Crawl', 'all', 'subset_of', 'Dump', 'all'),
    ('Mix', 'pages', 'recount_of', 'Crawl', 'near'),
    ('Mix', 'all', 'contains', 'Mix', 'pages'),
    ('Gated', 'counted again', 'recount_of', 'Gated', 'all'),
    ('Gated', 'in another way', 'recount_of', 'Gated', 'all'),
    ('Memory', 'all', 'overlaps', 'Crawl', 'all')
) as t(child, child_component, relation, parent, parent_component);

delete from store.token_rates;
insert into store.token_rates values
    ('a', 'one page', 'web', 4.0, 3.9, null, 'a test'),
    ('a', 'two pages', 'web', 5.0, null, null, 'a test'),
    ('b', 'one page', 'web', 3.5, null, null, 'a test'),
    ('b', 'programs', 'code', null, null, 1000, 'a test');

delete from store.stocks;
insert into store.stocks by name
select stock, domain, adjusted, value, low, high, null as level, unit, 2024 as year, '' as method, 'read' as kind,
       'a test' as source, '' as note
from (values
    ('pages', 'web', 'raw', 10000, 8000, 20000, 'tokens'),
    ('good pages', 'web', 'quality', null, 1000, 2000, 'tokens'),
    ('programs', 'code', 'raw', 80, null, null, 'tokens'),
    ('letters', 'mail', 'raw', 70, null, null, 'tokens'),
    ('volumes', 'books', 'raw', 5, null, null, 'books')
) as t(stock, domain, adjusted, value, low, high, unit);

delete from store.published_dedup;
insert into store.published_dedup by name
select corpus, 'all' as component, method, '' as scope, unit, null as "before", null as "after", removed_pct,
       removed_pct_low, removed_pct_high, '' as params, kind, 'a test' as source, '' as note
from (values
    ('Crawl', 'exact', 'documents', 60.0, null, null, 'read'),
    ('Crawl', 'near', 'documents', null, 10.0, 20.0, 'read'),
    ('Mix', 'near', 'documents', 40.0, null, null, 'second-hand'),
    ('Mix', 'near', 'tokens', 35.0, null, null, 'read'),
    ('Memory', 'near', 'documents', 99.0, null, null, 'recalled'),
    ('Dump', 'exact', 'documents', null, null, null, 'read')
) as t(corpus, method, unit, removed_pct, removed_pct_low, removed_pct_high, kind);

delete from store.known_runs;
insert into store.known_runs by name
select run, params, tokens, null as flops_published, null as active_params, 'total' as params_counted, unique_tokens,
       'published' as status, 'a test' as source, '' as note
from (values ('Once', 10, 200, 200), ('Twice', 10, 100, 50), ('Four times', 20, 400, 100), ('Unknown', 10, 900, null))
as t(run, params, tokens, unique_tokens);

-- Times that do not depend on when the small corpus was counted.
update store.ingests set started = '2024-01-01'::timestamp + to_hours(ingest);

insert into store.plans by name
select name, timestamp '2024-01-02 00:00:00' as saved, 'a test' as version, 'besiroglu2024' as law, 1e20 as flops,
       'a test' as supply_origin, '{}' as options, '{}' as document
from (values ('small'), ('large')) as t(name);

insert into store.plan_domains by name
select plan, domain, share, tokens_needed, tokens_unique, tokens_unique_low, tokens_unique_high, epochs,
       tokens_effective, verdict, place
from (values
    ('large', 'web', 0.75, 600, 200, 150, 240, 3.0, 500, 'repeat', 0),
    ('large', 'code', 0.25, 200, 40, 30, 60, 5.0, 120, 'strained', 1),
    ('small', 'web', 1.0, 50, null, null, null, null, null, null, 0)
) as t(plan, domain, share, tokens_needed, tokens_unique, tokens_unique_low, tokens_unique_high, epochs,
       tokens_effective, verdict, place);
