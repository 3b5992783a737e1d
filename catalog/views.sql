-- The views that SQL users read. They are made again when another version of tokaudit opens the catalog for writing.

create or replace view sources as
select source, domain, reader, text_field, text_rules, clean, steps, labels, repeat_length from store.sources s
where exists (from store.whole f where f.source = s.source);

-- The tokenizer that commands count in unless they are told another: the first that files are counted with.
create or replace view store.first_tokenizer as
select tokenizer, name from store.tokenizers
order by tokenizer not in (select tokenizer from store.counted_with), tokenizer
limit 1;

create or replace view tokenizers as
select name as tokenizer, vocabulary_sha256, counter,
       tokenizer = (select tokenizer from store.first_tokenizer) as is_default
from store.tokenizers;

create or replace view ingests as
select ingest, source, started, finished, version, settings from store.ingests;

-- Of the ingests of a source, the newest decides. A retry reads some files only, so it does not make up for one.
create or replace view unfinished as
select 'ingest' as work, source, max_by(started, ingest) as started, max(ingest) as ingest
from store.ingests semi join store.sources using (source)
where not contains(settings, '"retry":true')
group by source having max_by(finished is null, ingest)
union all
select 'forget', source, started, null from store.forgotten
union all
select 'grouping', null, null, null from store.derived where not fresh;

create or replace view files as
select path, source, bytes, documents, bad_records, state, size, modified, below, reader, ingest, text_field, checked, extractor
from store.whole;

create or replace view documents as
select f.source, s.domain, f.path, d.ordinal, d.bytes, d.words,
       u.exact_copy is not true as counts_exact,
       u.document is null as counts,
       d.bytes_repeated_inside,
       d."offset", f.below, d.document
from store.documents d
join store.whole f using (file)
join store.sources s using (source)
left join store.uncounted u on u.document = d.document and u.scope = 'catalog';

create or replace view token_counts as
select f.source, f.path, d.ordinal, t.name as tokenizer, c.tokens, d.document
from store.token_counts c
join store.tokenizers t using (tokenizer)
join store.documents d using (document)
join store.whole f using (file);

create or replace view labels as
select f.source, f.path, d.ordinal, l.name, l.value, d.document
from store.labels l
join store.documents d using (document)
join store.whole f using (file);

create or replace view row_files as
select contents, part, name, "rows", bytes, xxh3, first_document, last_document, version from store.row_files;

create or replace view bad_records as
select f.source, f.path, b.ordinal, b."offset", b.code, b.why
from store.bad_records b
join store.whole f using (file);

create or replace view left_out as
select source, path, rule, bytes, null::varchar as part, 1::bigint as number from store.left_out
union all
-- A file has as many rows as batches, which depend on the workers.
select f.source, f.path, o.rule, sum(o.bytes)::bigint, nullif(arg_min(o.example, o.rowid), ''), sum(o.number)::bigint
from store.omitted o join store.whole f using (file)
group by f.source, f.path, o.file, o.rule, o.suffix;

create or replace view groups as
select d.source, d.path, d.ordinal,
       k.source as kept_source, k.path as kept_path, k.ordinal as kept_ordinal,
       m.similarity, m.kind, m.document, m.kept as kept_document
from store.members m
join documents d on d.document = m.document
join documents k on k.document = m.kept;

create or replace view duplicates as
select g.path, g.ordinal, c.tokens, g.kept_path, g.kept_ordinal, g.similarity, g.kind, t.name as tokenizer,
       g.source, g.kept_source, g.document, g.kept_document
from groups g
left join store.first_tokenizer t on true
left join store.token_counts c on c.document = g.document and c.tokenizer = t.tokenizer
where g.kind <> 'kept';

-- One row per ordered pair of sources that have documents, even if the two share none.
create or replace view overlap as
with grouped as (
    select d.document, d.key_hi, d.key_lo, f.source, m.kept
    from store.members m
    join store.documents d using (document)
    join store.whole f using (file)
),
text_in as (select distinct key_hi, key_lo, source from grouped),
group_in as (select distinct kept, source from grouped),
shared as (
    select g.source as a, i.source as b, g.document,
           exists (from text_in t where t.key_hi = g.key_hi and t.key_lo = g.key_lo and t.source = i.source) as exact
    from grouped g join group_in i on i.kept = g.kept and i.source <> g.source
),
summed as (
    select x.a, x.b, count(*) as documents, count(*) filter (x.exact) as documents_exact,
           count(c.tokens) as counted, count(c.tokens) filter (x.exact) as counted_exact,
           coalesce(sum(c.tokens), 0)::bigint as tokens,
           coalesce(sum(c.tokens) filter (x.exact), 0)::bigint as tokens_exact
    from shared x
    left join store.first_tokenizer t on true
    left join store.token_counts c on c.document = x.document and c.tokenizer = t.tokenizer
    group by x.a, x.b
),
part as (select source from store.whole group by source having sum(documents) > 0)
select a.source as a, b.source as b,
       coalesce(s.documents, 0) as documents_shared,
       case when s.a is null then 0 when s.counted = s.documents then s.tokens end as tokens_shared,
       coalesce(s.documents_exact, 0) as documents_shared_exact,
       case when s.a is null then 0 when s.counted_exact = s.documents_exact then s.tokens_exact
       end as tokens_shared_exact,
       t.name as tokenizer
from part a
join part b on a.source <> b.source
left join store.first_tokenizer t on true
left join summed s on s.a = a.source and s.b = b.source;

-- Pairs of near-duplicate texts: LSH proposed them, and their similarity reaches the threshold.
create or replace view store.links as
select a_hi, a_lo, b_hi, b_lo, similarity, how from store.similarities where candidate and similarity >= 0.8;

-- The same pairs by document: of all documents with a text, the first by source and place stands for it.
create or replace view pairs as
with text as (select a_hi as key_hi, a_lo as key_lo from store.links union select b_hi, b_lo from store.links),
place as (
    select d.key_hi, d.key_lo, arg_min(d.document, (f.source, f.below, d.ordinal)) as document
    from store.documents d join store.whole f using (file) semi join text using (key_hi, key_lo)
    group by all
)
select a.document as a, b.document as b, p.similarity, p.how,
       x.path as a_path, x.ordinal as a_ordinal, y.path as b_path, y.ordinal as b_ordinal
from store.links p
join place a on a.key_hi = p.a_hi and a.key_lo = p.a_lo
join place b on b.key_hi = p.b_hi and b.key_lo = p.b_lo
join documents x on x.document = a.document
join documents y on y.document = b.document;

-- One row per source and tokenizer, deduplicated within the source.
create or replace view supply as
with seen as (
    select s.domain, f.source, d.document, d.bytes, d.bytes_repeated_inside, t.name as tokenizer, c.tokens,
           u.exact_copy is not true as counts_exact, u.document is null as counts
    from store.whole f
    join store.sources s using (source)
    join store.documents d using (file)
    join store.token_counts c using (document)
    join store.tokenizers t using (tokenizer)
    left join store.uncounted u on u.document = d.document and u.scope = 'source'
)
select domain, source, tokenizer,
       count(*) as documents_seen,
       count(*) filter (counts_exact) as documents_unique_exact,
       count(*) filter (counts) as documents_unique,
       sum(bytes)::bigint as bytes_seen,
       coalesce((sum(bytes) filter (counts_exact))::bigint, 0) as bytes_unique_exact,
       coalesce((sum(bytes) filter (counts))::bigint, 0) as bytes_unique,
       sum(tokens)::bigint as tokens_seen,
       coalesce((sum(tokens) filter (counts_exact))::bigint, 0) as tokens_unique_exact,
       coalesce((sum(tokens) filter (counts))::bigint, 0) as tokens_unique,
       sum(bytes_repeated_inside)::bigint as bytes_repeated_inside,
       sum(round(tokens * (bytes_repeated_inside / greatest(bytes, 1)))::bigint)::bigint as tokens_repeated_inside
from seen group by all;

create or replace view laws as
select law, method, source_file, runs_used, objective, r_squared, level, flops_low, flops_high, params_low, params_high,
       tokens_low, tokens_high, warnings, saved, version, params_counted, tokenizer
from store.laws;

create or replace view law_constants as
select law, name, value, low, high, place from store.law_constants;

create or replace view law_draws as
select law, draw, name, value from store.law_draws;

create or replace view plans as
select name, saved, version, law, flops, params, tokens, "constraint", cause, certainty, binding_domain, epochs,
       params_constrained, tokens_constrained, compute_equivalent_share, mixture, supply_origin, options, document
from store.plans;

create or replace view plan_domains as
select plan, domain, share, tokens_needed, tokens_unique, tokens_unique_low, tokens_unique_high, epochs,
       tokens_effective, verdict, place
from store.plan_domains;

create or replace view known_runs as
select run, params, tokens, 6 * coalesce(active_params, params) * tokens as flops, flops_published,
       6 * coalesce(active_params, params) * tokens / flops_published as flops_ratio,
       active_params, params_counted, unique_tokens, status, source, note
from store.known_runs;

create or replace view published_corpora as
select corpus, component, domain, languages, tokens, tokens_low, tokens_high, tokenizer, bytes, bytes_of, documents,
       bytes / tokens as bytes_per_token, extent, standard, counted, dedup, dedup_scope, availability, licence, year,
       kind, source, note
from store.published_corpora;

create or replace view published_lineage as
select child, child_component, relation, parent, parent_component, fraction, unlisted, kind, source, note
from store.published_lineage;

create or replace view published_dedup as
select corpus, component, method, scope, unit, "before", "after", removed_pct, removed_pct_low, removed_pct_high,
       params, kind, source, note
from store.published_dedup;

create or replace view token_rates as
select tokenizer, text, domain, bytes_per_token, characters_per_token, tokens, source
from store.token_rates;

create or replace view published_extractors as
select corpus, component, extractor, kind, source, note
from store.published_extractors;

create or replace view published_yields as
select pipeline, text, warcs, documents, tokens, documents / warcs as documents_per_warc,
       case when documents is not null then tokens / warcs end as tokens_per_warc, characters_per_page,
       coalesce(tokens_per_page, tokens / documents) as tokens_per_page, tokenizer, kind, source, note
from store.published_yields;

create or replace view stocks as
select stock, domain, adjusted, value, low, high, level, unit, year, method, kind, source, note
from store.stocks;

create or replace view training_sets as
select run, year, tokens_total, tokens_natural, tokens_unique, kind, source, note
from store.training_sets;

-- `tokaudit query columns` shows the comments on columns; duckdb_views() has those on views.

comment on view sources is 'One row per source: files ingested under one name and counted in the same way.';
comment on column sources.source is 'Name of the source. A source belongs to one domain.';
comment on column sources.domain is 'web, books, code, or a name that the user chose.';
comment on column sources.reader is 'Reader that was asked for: auto, or a reader''s name.';
comment on column sources.text_field is 'Fields that are tried for the text, in formats that have fields: auto, or the names that were asked for.';
comment on column sources.text_rules is 'Fields that are tried in some files only, as GLOB=NAME,NAME.';
comment on column sources.clean is 'default, or none (no cleaning step was applied).';
comment on column sources.steps is 'Cleaning steps applied to every text, in order.';
comment on column sources.labels is 'Fields that are kept as labels, as NAME=FIELD; for a language that is detected, the detector.';
comment on column sources.repeat_length is 'Characters of the shortest line or paragraph that counts as repeated inside its document. Null if that was not measured.';

comment on view tokenizers is 'One row per vocabulary that something was counted with.';
comment on column tokenizers.tokenizer is 'Name of the tokenizer in this catalog.';
comment on column tokenizers.vocabulary_sha256 is 'Hash of the vocabulary. Equal hashes mean that the same data decides the counts.';
comment on column tokenizers.counter is 'Package and version that first counted with it. Every counter gives the same numbers.';
comment on column tokenizers.is_default is 'Whether it is the one taken if none is named: the first that files are counted with.';

comment on view ingests is 'One row per run of tokaudit ingest.';
comment on column ingests.ingest is 'Number of the ingest, from 1, in order of start.';
comment on column ingests.source is 'Source that was ingested.';
comment on column ingests.started is 'Time it started, UTC.';
comment on column ingests.finished is 'Time it finished, UTC. Null while it runs, or if it was cut off.';
comment on column ingests.version is 'Version of tokaudit that ran it.';
comment on column ingests.settings is 'JSON: paths, options, cleaning steps, and each tokenizer with its hash and counter.';

comment on view unfinished is 'One row per piece of work that is under way, was refused or was cut off. `tokaudit resume` finishes it.';
comment on column unfinished.work is 'ingest, forget, or grouping (the groups of duplicates are stale).';
comment on column unfinished.source is 'Source that is ingested or forgotten. Null for grouping, which is of the whole catalog.';
comment on column unfinished.started is 'Time the work started, UTC. Null for grouping.';
comment on column unfinished.ingest is 'Number of the ingest. Null for other work.';

comment on view files is 'One row per file that was counted.';
comment on column files.path is 'Absolute path or URL of the file.';
comment on column files.source is 'Source that the file belongs to.';
comment on column files.bytes is 'UTF-8 bytes of its text, as counted.';
comment on column files.documents is 'Documents in it that were counted.';
comment on column files.bad_records is 'Records in it that could not be counted.';
comment on column files.state is 'counted, or partial (the rest of the file could not be read and is a bad record).';
comment on column files.size is 'Size of the file in bytes, as stored.';
comment on column files.modified is 'Time of its last change, as the file system gives it.';
comment on column files.below is 'Path below the folder that was ingested. It decides which of several duplicates is kept.';
comment on column files.reader is 'Reader that read the file.';
comment on column files.ingest is 'Ingest that counted the file.';
comment on column files.extractor is 'How the text of its pages or books was extracted: library, version, settings. Null if it has none.';
comment on column files.text_field is 'Field that its texts are from. Null if the format has no fields.';
comment on column files.checked is 'Whether check sums of its format or compression cover it, so that changed bytes are noticed. Null if it was counted by an older tokaudit.';

comment on view documents is 'One row per document, whether it counts or not.';
comment on column documents.source is 'Source of the document.';
comment on column documents.domain is 'Domain of the document.';
comment on column documents.path is 'Absolute path or URL of its file.';
comment on column documents.ordinal is 'Place of the record in its file, from 0. Bad records are included, blank lines are not.';
comment on column documents.bytes is 'UTF-8 bytes of the text, as counted.';
comment on column documents.words is 'Words as the search for near-duplicates counts them. A text of 0 words has no near-duplicates.';
comment on column documents.counts_exact is 'Whether it counts in the whole catalog once exact duplicates are removed.';
comment on column documents.counts is 'Whether it counts in the whole catalog once near-duplicates are removed too.';
comment on column documents.bytes_repeated_inside is 'UTF-8 bytes of its lines (code) or paragraphs that occurred in it before. Null if it was not measured: token ids, or counted by an older tokaudit.';
comment on column documents."offset" is 'First byte of the record in the uncompressed file. Null if the format has no such place.';
comment on column documents.below is 'Path of its file below the folder that was ingested.';
comment on column documents.document is 'Number of the document in this catalog, for joins. It means nothing outside the catalog.';

comment on view token_counts is 'One row per document and tokenizer.';
comment on column token_counts.source is 'Source of the document.';
comment on column token_counts.path is 'Absolute path or URL of its file.';
comment on column token_counts.ordinal is 'Place of the record in its file, from 0.';
comment on column token_counts.tokenizer is 'Tokenizer that counted it.';
comment on column token_counts.tokens is 'Tokens in the text, without special tokens.';
comment on column token_counts.document is 'Number of the document in this catalog.';

comment on view labels is 'One row per document and field that was kept as a label.';
comment on column labels.source is 'Source of the document.';
comment on column labels.path is 'Absolute path or URL of its file.';
comment on column labels.ordinal is 'Place of the record in its file, from 0.';
comment on column labels.name is 'Name of the label.';
comment on column labels.value is 'Value of the label, as text. A document without the field has no row.';
comment on column labels.document is 'Number of the document in this catalog.';

comment on view row_files is 'One row per Parquet file next to the catalog with rows that are not in its file. There are none below a setting.';
comment on column row_files.contents is 'What its rows are: documents, token_counts or labels. It lies in the folder of this name in <catalog>.parts.';
comment on column row_files.part is 'Which documents it has rows of: those with numbers from 2,000,000 times this on, up to the next part.';
comment on column row_files.name is 'Name of the file: the hash of its content, and what it is.';
comment on column row_files."rows" is 'Number of its rows.';
comment on column row_files.bytes is 'Bytes of the file.';
comment on column row_files.xxh3 is 'Hash of its content (xxh3-128).';
comment on column row_files.first_document is 'Smallest number of a document in it.';
comment on column row_files.last_document is 'Largest number of a document in it.';
comment on column row_files.version is 'Version of its columns. The metadata of the file has it, too, with what each column contains.';

comment on view bad_records is 'One row per record, or rest of a file, that could not be counted.';
comment on column bad_records.source is 'Source of the file.';
comment on column bad_records.path is 'Absolute path or URL of the file.';
comment on column bad_records.ordinal is 'Place of the record in the file, from 0. Null if the file itself is at fault and nothing more of it was read.';
comment on column bad_records."offset" is 'First byte of the record in the uncompressed file. Null if unknown.';
comment on column bad_records.code is 'Kind of fault, for example malformed, encoding, null_text or cut.';
comment on column bad_records.why is 'The fault, in words.';

comment on view left_out is 'One row per path below an ingested folder that a rule left out, and per kind of parts that were left out of a file.';
comment on column left_out.source is 'Source that the path would belong to.';
comment on column left_out.path is 'Absolute path or URL.';
comment on column left_out.bytes is 'Size as stored. Null if unknown.';
comment on column left_out.part is 'Of parts of a counted file, such as members of an archive or records of a crawl: the first of them. Null for a whole file.';
comment on column left_out.number is 'How many parts they are; 1 for a whole file.';
comment on column left_out.rule is 'Rule that left it out, for example vcs, link, binary or unclaimed. `tokaudit explain RULE` says more.';

comment on view groups is 'One row per member of a group of duplicates in the whole catalog. A text without duplicates is in no group.';
comment on column groups.source is 'Source of the document.';
comment on column groups.path is 'Absolute path or URL of its file.';
comment on column groups.ordinal is 'Place of the record in its file, from 0.';
comment on column groups.kept_source is 'Source of the kept document: the one of the group that counts.';
comment on column groups.kept_path is 'Absolute path or URL of the kept document''s file.';
comment on column groups.kept_ordinal is 'Place of the kept document in its file, from 0.';
comment on column groups.similarity is 'Jaccard similarity to the kept document, 0 to 1. It is below 0.8 if other documents link the two.';
comment on column groups.kind is 'exact (same text as the kept document), near (another text), or kept (the kept document itself).';
comment on column groups.document is 'Number of the document in this catalog.';
comment on column groups.kept_document is 'Number of the kept document.';

comment on view duplicates is 'One row per document that does not count in the whole catalog, with the document that counts instead.';
comment on column duplicates.path is 'Absolute path or URL of the document''s file.';
comment on column duplicates.ordinal is 'Place of the record in its file, from 0.';
comment on column duplicates.tokens is 'Tokens of the document, in tokenizer. Null if it is not counted with that tokenizer.';
comment on column duplicates.kept_path is 'Absolute path or URL of the kept document''s file.';
comment on column duplicates.kept_ordinal is 'Place of the kept document in its file, from 0.';
comment on column duplicates.similarity is 'Jaccard similarity to the kept document, 0 to 1. It is below 0.8 if other documents link the two.';
comment on column duplicates.kind is 'exact (same text as the kept document), or near (another text).';
comment on column duplicates.tokenizer is 'Tokenizer of the tokens: the catalog''s first. token_counts has the others.';
comment on column duplicates.source is 'Source of the document.';
comment on column duplicates.kept_source is 'Source of the kept document.';
comment on column duplicates.document is 'Number of the document in this catalog.';
comment on column duplicates.kept_document is 'Number of the kept document.';

comment on view overlap is 'One row per ordered pair of different sources: how much text of a is also in b, of all documents of a, duplicates included.';
comment on column overlap.a is 'Source whose documents are counted.';
comment on column overlap.b is 'Source that they are looked for in.';
comment on column overlap.documents_shared is 'Documents of a whose group in the whole catalog has a member in b.';
comment on column overlap.tokens_shared is 'Tokens of documents_shared, in tokenizer. Null if one of them is not counted with that tokenizer.';
comment on column overlap.documents_shared_exact is 'Documents of a whose text is also in b.';
comment on column overlap.tokens_shared_exact is 'Tokens of documents_shared_exact, in tokenizer. Null if one of them is not counted with that tokenizer.';
comment on column overlap.tokenizer is 'Tokenizer of the tokens: the catalog''s first. tokaudit overlap --tokenizer counts in another.';

comment on view pairs is 'One row per pair of different texts that are near-duplicates. A text is represented by the first document that has it.';
comment on column pairs.a is 'Number of the first document in this catalog.';
comment on column pairs.b is 'Number of the second document.';
comment on column pairs.similarity is 'Jaccard similarity of their shingle sets, 0.8 to 1.';
comment on column pairs.how is 'How the similarity was found: reread (from the texts), estimate (from the signatures), or estimate_file_gone (from the signatures, because a file is gone).';
comment on column pairs.a_path is 'Absolute path or URL of the first document''s file.';
comment on column pairs.a_ordinal is 'Place of the first document in its file, from 0.';
comment on column pairs.b_path is 'Absolute path or URL of the second document''s file.';
comment on column pairs.b_ordinal is 'Place of the second document in its file, from 0.';

comment on view supply is 'One row per source and tokenizer, deduplicated within the source.';
comment on column supply.domain is 'Domain of the source.';
comment on column supply.source is 'Name of the source.';
comment on column supply.tokenizer is 'Tokenizer that counted the tokens.';
comment on column supply.documents_seen is 'All documents, duplicates included.';
comment on column supply.documents_unique_exact is 'Documents without exact duplicates.';
comment on column supply.documents_unique is 'Documents without exact duplicates and near-duplicates.';
comment on column supply.bytes_seen is 'UTF-8 bytes of all documents.';
comment on column supply.bytes_unique_exact is 'UTF-8 bytes of documents_unique_exact.';
comment on column supply.bytes_unique is 'UTF-8 bytes of documents_unique.';
comment on column supply.tokens_seen is 'Tokens of all documents.';
comment on column supply.tokens_unique_exact is 'Tokens of documents_unique_exact.';
comment on column supply.tokens_unique is 'Tokens of documents_unique.';
comment on column supply.bytes_repeated_inside is 'UTF-8 bytes of lines (code) or paragraphs that occurred before in the same document, of all documents. Null if no document was measured.';
comment on column supply.tokens_repeated_inside is 'Tokens of the same, by the tokens per byte of each document. Null if no document was measured.';

comment on view laws is 'One row per scaling law that was fitted and saved.';
comment on column laws.law is 'Name of the law, for plan --law.';
comment on column laws.method is 'How it was fitted: parametric, isoflop or envelope.';
comment on column laws.source_file is 'Name of the file that contains the runs.';
comment on column laws.runs_used is 'Number of runs that it was fitted on.';
comment on column laws.objective is 'Sum over runs of the Huber loss (delta 1e-3) of log predicted - log observed loss. Null for other methods.';
comment on column laws.r_squared is 'Share of the variance that is explained: of the loss, or of ln N of the optimal runs.';
comment on column laws.level is 'Probability that its intervals claim.';
comment on column laws.flops_low is 'Fewest training FLOPs among the runs.';
comment on column laws.flops_high is 'Most training FLOPs among the runs.';
comment on column laws.params_low is 'Fewest parameters among the runs.';
comment on column laws.params_high is 'Most parameters among the runs.';
comment on column laws.tokens_low is 'Fewest tokens among the runs.';
comment on column laws.tokens_high is 'Most tokens among the runs.';
comment on column laws.warnings is 'What the runs do not settle.';
comment on column laws.saved is 'Time it was saved, UTC.';
comment on column laws.version is 'Version of tokaudit that fitted it.';
comment on column laws.params_counted is 'Parameters that the runs count: total, non-embedding or active.';
comment on column laws.tokenizer is 'Tokenizer of the runs'' tokens. Null if it was not given.';

comment on view law_constants is 'One row per constant of a saved law.';
comment on column law_constants.law is 'Name of the law.';
comment on column law_constants.name is 'Name of the constant: E, A, B, alpha, beta, R_D_star, R_N_star, or k_N and a of N = k_N C^a.';
comment on column law_constants.value is 'Its value. Infinite if nothing decays.';
comment on column law_constants.low is 'Lower bound of its bootstrap interval. Null if there are too few runs for one.';
comment on column law_constants.high is 'Upper bound of its bootstrap interval. Infinite if the runs do not bound it.';
comment on column law_constants.place is 'Place in the equation, from 0.';

comment on view law_draws is 'One row per constant of a bootstrap draw of a saved law.';
comment on column law_draws.law is 'Name of the law.';
comment on column law_draws.draw is 'Number of the draw, from 0. The values of one draw belong together.';
comment on column law_draws.name is 'Name of the constant.';
comment on column law_draws.value is 'Its value in this draw.';

comment on view plans is 'One row per plan that was saved with tokaudit plan --save.';
comment on column plans.name is 'Name of the saved plan.';
comment on column plans.saved is 'Time it was saved, UTC.';
comment on column plans.version is 'Version of tokaudit that made it.';
comment on column plans.law is 'Scaling law of the plan.';
comment on column plans.flops is 'Training FLOPs of the budget.';
comment on column plans.params is 'Parameters of the budget. Null if they were not given.';
comment on column plans.tokens is 'Training tokens of the budget. Null if they were not given.';
comment on column plans."constraint" is 'data, model or compute: what one should have more of. Null without a supply. SQL needs quotes around this name.';
comment on column plans.cause is 'Why: allocation, supply, both or mixture. Null if it does not apply.';
comment on column plans.certainty is 'sure, likely or undecided. Null without a verdict.';
comment on column plans.binding_domain is 'Domain that is repeated most. Null if none is repeated.';
comment on column plans.epochs is 'Epochs of the binding domain in the run on the supply. Null if no domain is repeated.';
comment on column plans.params_constrained is 'Parameters of the best run on the supply. Null if the plan has none.';
comment on column plans.tokens_constrained is 'Training tokens of the best run on the supply. Null if the plan has none.';
comment on column plans.compute_equivalent_share is 'Share of the budget that would reach the same loss with unlimited unique data and the best split. Null if not known.';
comment on column plans.mixture is 'Name of the mixture. Null for a supply of one domain.';
comment on column plans.supply_origin is 'Where the numbers of the supply come from.';
comment on column plans.options is 'JSON: the options of tokaudit plan that were given.';
comment on column plans.document is 'JSON: the whole plan, as tokaudit plan --json printed it.';

comment on view plan_domains is 'One row per saved plan and domain of its supply; without a supply, of its mixture.';
comment on column plan_domains.plan is 'Name of the saved plan.';
comment on column plan_domains.domain is 'Domain.';
comment on column plan_domains.share is 'Share of the training tokens, 0 to 1.';
comment on column plan_domains.tokens_needed is 'Tokens that the run as given, or the optimal run, takes of the domain.';
comment on column plan_domains.tokens_unique is 'Unique tokens in the supply, in tokens of the law. Null without a supply.';
comment on column plan_domains.tokens_unique_low is 'Low bound of the unique tokens. Null without a supply.';
comment on column plan_domains.tokens_unique_high is 'High bound of the unique tokens. Null without a supply.';
comment on column plan_domains.epochs is 'Epochs of the domain in the run on the supply. Null without a supply.';
comment on column plan_domains.tokens_effective is 'Effective tokens of these epochs. Null without a supply.';
comment on column plan_domains.verdict is 'enough (at most 1 epoch), repeat (4), strained (16) or exhausted (more). Null without a supply.';
comment on column plan_domains.place is 'Place of the domain in the supply, from 0.';

comment on view known_runs is 'One row per published training run. `tokaudit runs` audits them with a scaling law.';
comment on column known_runs.run is 'Name of the run.';
comment on column known_runs.params is 'Parameters as published; for a mixture of experts, all of them.';
comment on column known_runs.tokens is 'Tokens trained on, repeats included, counted with the run''s own tokenizer.';
comment on column known_runs.flops is 'Training FLOPs as 6ND. For a mixture of experts, N is its active parameters.';
comment on column known_runs.flops_published is 'Training FLOPs as published. Null if unknown.';
comment on column known_runs.flops_ratio is 'flops divided by flops_published. If it is more than 0.1 from 1, sources disagree or count in other ways.';
comment on column known_runs.active_params is 'Parameters used per token, for a mixture of experts. Null for a dense model.';
comment on column known_runs.params_counted is 'Which parameters params counts: total or non-embedding.';
comment on column known_runs.unique_tokens is 'Unique tokens in its corpus. Null if unknown.';
comment on column known_runs.status is 'How the least certain of the numbers is known: read (in its source), second-hand or recalled.';
comment on column known_runs.source is 'Source of the numbers.';
comment on column known_runs.note is 'Remarks, such as sources that conflict.';

comment on view published_corpora is 'One row per published count of a corpus or component. Rows overlap; never add them up.';
comment on column published_corpora.corpus is 'Name of the corpus.';
comment on column published_corpora.component is 'Part, edition or count of the corpus.';
comment on column published_corpora.domain is 'Domain of the text.';
comment on column published_corpora.languages is 'Languages, in the words of the source.';
comment on column published_corpora.tokens is 'Tokens, or words if the tokenizer column says so. Null if no count is published.';
comment on column published_corpora.tokens_low is 'Lowest count that others found for the same text, or that is disputed. Null if there is no dispute.';
comment on column published_corpora.tokens_high is 'Highest count that others found for the same text, or that is disputed. Null if there is no dispute.';
comment on column published_corpora.tokenizer is 'Tokenizer of the count, in the words of the source. Empty if the source names none.';
comment on column published_corpora.bytes is 'Bytes of what bytes_of names. Null if unknown.';
comment on column published_corpora.bytes_of is 'What the bytes measure: text (UTF-8), compressed (the text, compressed), files (whole files), characters (one each), or other (another text than the tokens). Null without bytes.';
comment on column published_corpora.documents is 'Number of documents. Null if unknown.';
comment on column published_corpora.bytes_per_token is 'bytes divided by tokens. For text, the note explains a ratio outside 2.2 to 6.5.';
comment on column published_corpora.extent is 'What the row covers: the whole corpus, a part (parts are disjoint), a subset, or other (only its lineage says where it belongs).';
comment on column published_corpora.standard is 'Whether the name of the corpus alone means this row (and others marked so).';
comment on column published_corpora.counted is 'Duplicates that the count leaves out: near (near-duplicates), exact (exact duplicates) or nominal (neither). repeated: repeated text is counted again.';
comment on column published_corpora.dedup is 'Method of deduplication, as published.';
comment on column published_corpora.dedup_scope is 'Where duplicates were looked for: global, sources, shard, dump, upstream, none or unknown.';
comment on column published_corpora.availability is 'How it can be obtained: open, gated, restricted (by terms of use), closed or withdrawn.';
comment on column published_corpora.licence is 'Licence, as the publisher names it. Empty if unknown.';
comment on column published_corpora.year is 'Year of the count.';
comment on column published_corpora.kind is 'How the row is known: read (in its source), second-hand (cited elsewhere), computed (from published numbers) or recalled (from memory, unchecked).';
comment on column published_corpora.source is 'Source of the row.';
comment on column published_corpora.note is 'Remarks, such as the reasons for a dispute.';

comment on view published_lineage is 'One row per known relation between the texts of two corpora. Pairs without a row may overlap too.';
comment on column published_lineage.child is 'Name of the first corpus.';
comment on column published_lineage.child_component is 'Its component.';
comment on column published_lineage.relation is 'What the child is to the parent: subset_of, dedup_of, recount_of, derived_from, rewrite_of, upsample_of or overlaps. contains: the child contains the parent. excludes: it was made without the parent.';
comment on column published_lineage.parent is 'Name of the second corpus, which may be the same.';
comment on column published_lineage.parent_component is 'Its component.';
comment on column published_lineage.fraction is 'Share of the child''s tokens that the relation covers; for subset_of and dedup_of, of the parent''s. Null if unknown.';
comment on column published_lineage.unlisted is 'Ends without a row in published_corpora: child, parent, child+parent, or empty.';
comment on column published_lineage.kind is 'How the row is known: read (in its source), second-hand (cited elsewhere), computed (from published numbers) or recalled (from memory, unchecked).';
comment on column published_lineage.source is 'Source of the relation.';
comment on column published_lineage.note is 'Remarks.';

comment on view published_dedup is 'One row per published rate of deduplication. Rates of one corpus differ in method, scope and unit.';
comment on column published_dedup.corpus is 'Corpus that was deduplicated.';
comment on column published_dedup.component is 'Component that was deduplicated.';
comment on column published_dedup.method is 'exact, near, near(minhash), near(simhash), substring, bloom, url or other.';
comment on column published_dedup.scope is 'Where duplicates were looked for, in the words of the source.';
comment on column published_dedup.unit is 'Unit of before and after: documents, tokens, bytes, files …';
comment on column published_dedup."before" is 'Number before deduplication.';
comment on column published_dedup."after" is 'Number after deduplication.';
comment on column published_dedup.removed_pct is 'Share removed, in percent. Null if a range is published.';
comment on column published_dedup.removed_pct_low is 'Low end of the range.';
comment on column published_dedup.removed_pct_high is 'High end of the range.';
comment on column published_dedup.params is 'Settings of the method, in the words of the source.';
comment on column published_dedup.kind is 'How the row is known: read (in its source), second-hand (cited elsewhere), computed (from published numbers) or recalled (from memory, unchecked).';
comment on column published_dedup.source is 'Source of the rate.';
comment on column published_dedup.note is 'Remarks. Some shares are not of what was removed; the note says so.';

comment on view token_rates is 'One row per published text and tokenizer. Compare rates only on the same text.';
comment on column token_rates.tokenizer is 'Tokenizer that counted the text.';
comment on column token_rates.text is 'Text that was counted.';
comment on column token_rates.domain is 'Domain of the text.';
comment on column token_rates.bytes_per_token is 'UTF-8 bytes of the text per token. Null if not published.';
comment on column token_rates.characters_per_token is 'Characters of the text per token. Null if not published.';
comment on column token_rates.tokens is 'Tokens in the whole text. Null if only the rate is published.';
comment on column token_rates.source is 'Source of the rate.';

comment on view published_extractors is 'One row per published corpus or component whose text was extracted from web pages in a known way.';
comment on column published_extractors.corpus is 'Name of the corpus.';
comment on column published_extractors.component is 'Component of the corpus. Empty for all components.';
comment on column published_extractors.extractor is 'resiliparse, trafilatura, jusText, warc2text, or WET (text that Common Crawl extracted).';
comment on column published_extractors.kind is 'How it is known: read (in its source), second-hand (cited elsewhere), computed or recalled (from memory, unchecked).';
comment on column published_extractors.source is 'Source that names the extractor.';
comment on column published_extractors.note is 'Remarks.';


comment on view published_yields is 'One row per pipeline and sample of pages: what it leaves of them. Compare pipelines only on the same sample.';
comment on column published_yields.pipeline is 'Extractor, as in published_extractors, or pipeline with its filters. raw HTML: the mark-up itself.';
comment on column published_yields.text is 'Sample of pages.';
comment on column published_yields.warcs is 'WARC files that the pages are from. Null if not published.';
comment on column published_yields.documents is 'Pages that are left. Null if not published.';
comment on column published_yields.tokens is 'Tokens of all pages. Null if not published.';
comment on column published_yields.documents_per_warc is 'documents divided by warcs.';
comment on column published_yields.tokens_per_warc is 'tokens divided by warcs.';
comment on column published_yields.characters_per_page is 'Average number of characters of text per page. Null if not published.';
comment on column published_yields.tokens_per_page is 'Average number of tokens per page. Null if not published.';
comment on column published_yields.tokenizer is 'Tokenizer of the tokens, in the words of the source. Empty if it names none.';
comment on column published_yields.kind is 'How it is known: read (in its source), second-hand (cited elsewhere), computed or recalled (from memory, unchecked).';
comment on column published_yields.source is 'Source of the numbers.';
comment on column published_yields.note is 'Remarks.';

comment on view stocks is 'One row per estimate of how much text of a kind exists. Estimates overlap; never add them up.';
comment on column stocks.stock is 'What is estimated, for example "indexed web".';
comment on column stocks.domain is 'Domain of its text.';
comment on column stocks.adjusted is 'Adjustment: raw (everything), quality (good enough to train on), or repetition (quality, times what repeated tokens count for).';
comment on column stocks.value is 'The estimate. Null if only a range is given.';
comment on column stocks.low is 'Low end of its interval.';
comment on column stocks.high is 'High end of its interval.';
comment on column stocks.level is 'Probability that the interval claims. Null for a range without one.';
comment on column stocks.unit is 'Unit of the estimate: tokens, words, books, files, bytes …';
comment on column stocks.year is 'Year that the estimate is for.';
comment on column stocks.method is 'Method of the estimate, in short.';
comment on column stocks.kind is 'How the row is known: read (in its source), second-hand (cited elsewhere), computed (from published numbers) or recalled (from memory, unchecked).';
comment on column stocks.source is 'Source of the estimate.';
comment on column stocks.note is 'Remarks.';

comment on view training_sets is 'One row per training set, among the largest of its year.';
comment on column training_sets.run is 'Name of the run.';
comment on column training_sets.year is 'Year in which it was published.';
comment on column training_sets.tokens_total is 'Tokens trained on, repeats and synthetic text included, counted with the run''s own tokenizer.';
comment on column training_sets.tokens_natural is 'Tokens of these that people wrote. Null if not published.';
comment on column training_sets.tokens_unique is 'Unique tokens in its corpus. Null if not published.';
comment on column training_sets.kind is 'How the row is known: read (in its source), second-hand (cited elsewhere), computed (from published numbers) or recalled (from memory, unchecked).';
comment on column training_sets.source is 'Source of the numbers.';
comment on column training_sets.note is 'Remarks.';
