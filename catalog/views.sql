-- The interface for SQL users. Made anew whenever a newer tokaudit opens the catalog for writing.

create or replace view sources as
select source, domain, reader, text_field, clean, steps, labels from store.sources s
where exists (from store.whole f where f.source = s.source);

create or replace view tokenizers as
select name as tokenizer, vocabulary_sha256, counter from store.tokenizers;

create or replace view ingests as
select ingest, source, started, finished, version, settings from store.ingests;

create or replace view files as
select path, source, bytes, documents, bad_records, state, size, modified, below, reader, ingest
from store.whole;

create or replace view documents as
select f.source, s.domain, f.path, d.ordinal, d.bytes, d.words,
       u.exact_copy is not true as counts_exact,
       u.document is null as counts,
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

create or replace view bad_records as
select f.source, f.path, b.ordinal, b."offset", b.code, b.why
from store.bad_records b
join store.whole f using (file);

create or replace view left_out as
select source, path, rule from store.left_out;

create or replace view groups as
select d.source, d.path, d.ordinal,
       k.source as kept_source, k.path as kept_path, k.ordinal as kept_ordinal,
       m.similarity, m.kind, m.document, m.kept as kept_document
from store.members m
join documents d on d.document = m.document
join documents k on k.document = m.kept;

-- Pairs of texts that are near-duplicates: proposed by LSH and verified at the threshold.
create or replace view store.links as
select a_hi, a_lo, b_hi, b_lo, similarity, how from store.similarities where candidate and similarity >= 0.8;

-- The same by document: a and b are documents.document, the least with that text.
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

-- One row a source and tokenizer, deduplicated inside the source.
create or replace view supply as
with seen as (
    select s.domain, f.source, d.document, d.bytes, t.name as tokenizer, c.tokens,
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
       coalesce((sum(tokens) filter (counts))::bigint, 0) as tokens_unique
from seen group by all;

-- What each view and column is: `select view_name, comment from duckdb_views() where not internal`,
-- `select table_name, column_name, comment from duckdb_columns()`.

create or replace view laws as
select law, method, source_file, runs_used, objective, r_squared, level, flops_low, flops_high, params_low, params_high,
       tokens_low, tokens_high, warnings, saved, version, params_counted, tokenizer
from store.laws;

create or replace view law_constants as
select law, name, value, low, high, place from store.law_constants;

create or replace view law_draws as
select law, draw, name, value from store.law_draws;

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

create or replace view stocks as
select stock, domain, adjusted, value, low, high, level, unit, year, method, kind, source, note
from store.stocks;

create or replace view training_sets as
select run, year, tokens_total, tokens_natural, tokens_unique, kind, source, note
from store.training_sets;

comment on view sources is 'One row a source: what was ingested under one name, counted in one way.';
comment on column sources.source is 'Name of the source; a source belongs to one domain.';
comment on column sources.domain is 'web, books, code, or a name of the user''s.';
comment on column sources.reader is 'Reader asked for: auto, or a name.';
comment on column sources.text_field is 'Field or column that holds the text, in formats that have fields.';
comment on column sources.clean is 'default, or none: no cleaning step was applied.';
comment on column sources.steps is 'Cleaning steps applied to every text, in order.';
comment on column sources.labels is 'NAME=FIELD of the fields that are kept as labels.';

comment on view tokenizers is 'One row a vocabulary that something is counted with.';
comment on column tokenizers.tokenizer is 'Name in this catalog.';
comment on column tokenizers.vocabulary_sha256 is 'Hash of the vocabulary: equal exactly when the counts are decided by the same data.';
comment on column tokenizers.counter is 'Package and version that counted first; all give the same numbers.';

comment on view ingests is 'One row a run of tokaudit ingest.';
comment on column ingests.ingest is 'Number, from 1, in order of start.';
comment on column ingests.source is 'The source that it was of.';
comment on column ingests.started is 'When it began, UTC.';
comment on column ingests.finished is 'When it came to its end, UTC; null while it runs, or if it was cut off.';
comment on column ingests.version is 'Version of tokaudit.';
comment on column ingests.settings is 'JSON: paths, options, cleaning steps, and each tokenizer with hash and counter.';

comment on view files is 'One row a file that was counted.';
comment on column files.path is 'Absolute path, or URL.';
comment on column files.source is 'The source it belongs to.';
comment on column files.bytes is 'UTF-8 bytes of the text in it, as counted.';
comment on column files.documents is 'Documents in it that were counted.';
comment on column files.bad_records is 'Records in it that could not be.';
comment on column files.state is 'counted; or partial: its rest could not be read and is a bad record.';
comment on column files.size is 'Bytes as stored.';
comment on column files.modified is 'What the file system said of its last change.';
comment on column files.below is 'Path below the folder that was ingested: it orders copies of a text.';
comment on column files.reader is 'The reader that read it.';
comment on column files.ingest is 'The ingest that counted it.';

comment on view documents is 'One row a document seen, whether it counts or not.';
comment on column documents.source is 'Its source.';
comment on column documents.domain is 'Its domain.';
comment on column documents.path is 'Absolute path or URL of its file.';
comment on column documents.ordinal is 'Place of the record in its file, from 0, bad records included, blank lines not.';
comment on column documents.bytes is 'UTF-8 bytes of the text as counted.';
comment on column documents.words is 'Words as near-duplicates know them; 0: no near-duplicates.';
comment on column documents.counts_exact is 'Whether it counts if only equal texts are duplicates; over the whole catalog.';
comment on column documents.counts is 'Whether it counts if near texts are duplicates too; over the whole catalog.';
comment on column documents."offset" is 'First byte of the record in the uncompressed file; null where a format has no such place.';
comment on column documents.below is 'Path below the folder that was ingested.';
comment on column documents.document is 'Number in this catalog, to join on; of no meaning outside it.';

comment on view token_counts is 'One row a document and tokenizer.';
comment on column token_counts.source is 'Source of the document.';
comment on column token_counts.path is 'Absolute path or URL of its file.';
comment on column token_counts.ordinal is 'Its place in the file, from 0.';
comment on column token_counts.tokenizer is 'Whose tokens.';
comment on column token_counts.tokens is 'Tokens in the text, special tokens not counted.';
comment on column token_counts.document is 'Number of the document in this catalog.';

comment on view labels is 'One row a document and field that was kept of it.';
comment on column labels.source is 'Source of the document.';
comment on column labels.path is 'Absolute path or URL of its file.';
comment on column labels.ordinal is 'Its place in the file, from 0.';
comment on column labels.name is 'Name of the label.';
comment on column labels.value is 'Its value, as text; a document that lacks the field has no row.';
comment on column labels.document is 'Number of the document in this catalog.';

comment on view bad_records is 'One row a record, or rest of a file, that could not be counted.';
comment on column bad_records.source is 'Source of the file.';
comment on column bad_records.path is 'Absolute path or URL of the file.';
comment on column bad_records.ordinal is 'The record''s place in the file, from 0; null for the file itself, after which nothing of it was read.';
comment on column bad_records."offset" is 'First byte of the record in the uncompressed file; null where unknown.';
comment on column bad_records.code is 'Kind of fault, such as malformed, encoding, null_text or cut.';
comment on column bad_records.why is 'The fault, in words.';

comment on view left_out is 'One row a path below an ingested folder that a stated rule leaves out.';
comment on column left_out.source is 'The source that it would belong to.';
comment on column left_out.path is 'Absolute path or URL.';
comment on column left_out.rule is 'Such as vcs, link, binary, or unknown_format.';

comment on view groups is 'One row a member of a group of duplicates, over the whole catalog; texts without duplicates are in none.';
comment on column groups.source is 'Source of the document.';
comment on column groups.path is 'Absolute path or URL of its file.';
comment on column groups.ordinal is 'Its place in the file, from 0.';
comment on column groups.kept_source is 'Source of the document of the group that counts.';
comment on column groups.kept_path is 'Absolute path or URL of that one''s file.';
comment on column groups.kept_ordinal is 'That one''s place in its file, from 0.';
comment on column groups.similarity is 'Jaccard similarity to the kept document, 0 to 1; below 0.8 where others link the two.';
comment on column groups.kind is 'exact: the kept document''s very text; near: another text; kept: the kept document itself.';
comment on column groups.document is 'Number of the document in this catalog.';
comment on column groups.kept_document is 'Number of the kept one.';

comment on view pairs is 'One row a pair of different texts that are near-duplicates, each by the least document that has it.';
comment on column pairs.a is 'Number of one document in this catalog.';
comment on column pairs.b is 'Number of the other.';
comment on column pairs.similarity is 'Jaccard similarity of their sets of shingles, 0.8 to 1.';
comment on column pairs.how is 'reread: from the sets; estimate: from the signatures; estimate_file_gone: so for want of a file.';
comment on column pairs.a_path is 'Absolute path or URL of a''s file.';
comment on column pairs.a_ordinal is 'Place of a in its file, from 0.';
comment on column pairs.b_path is 'Absolute path or URL of b''s file.';
comment on column pairs.b_ordinal is 'Place of b in its file, from 0.';

comment on view supply is 'One row a source and tokenizer, deduplicated inside the source.';
comment on column supply.domain is 'Domain of the source.';
comment on column supply.source is 'The source.';
comment on column supply.tokenizer is 'Whose tokens.';
comment on column supply.documents_seen is 'All documents.';
comment on column supply.documents_unique_exact is 'Documents without those whose very text is there before.';
comment on column supply.documents_unique is 'Documents without those near another that counts, too.';
comment on column supply.bytes_seen is 'UTF-8 bytes of all documents.';
comment on column supply.bytes_unique_exact is 'UTF-8 bytes of documents_unique_exact.';
comment on column supply.bytes_unique is 'UTF-8 bytes of documents_unique.';
comment on column supply.tokens_seen is 'Tokens of all documents.';
comment on column supply.tokens_unique_exact is 'Tokens of documents_unique_exact.';
comment on column supply.tokens_unique is 'Tokens of documents_unique.';

comment on view laws is 'One row a law that was fitted to runs and saved.';
comment on column laws.law is 'Its name, as plan --law takes it.';
comment on column laws.method is 'How it was fitted: parametric, isoflop or envelope.';
comment on column laws.source_file is 'Name of the file with the runs.';
comment on column laws.runs_used is 'How many runs it was fitted to.';
comment on column laws.objective is 'Sum over runs of the Huber loss (delta 1e-3) of log predicted - log observed loss; null for other methods.';
comment on column laws.r_squared is 'Share of the variance explained: of the loss, or of ln N of the optimal runs.';
comment on column laws.level is 'Probability of the intervals.';
comment on column laws.flops_low is 'Least training FLOPs among the runs.';
comment on column laws.flops_high is 'Most training FLOPs among them.';
comment on column laws.params_low is 'Least params among them.';
comment on column laws.params_high is 'Most params among them.';
comment on column laws.tokens_low is 'Least tokens among them.';
comment on column laws.tokens_high is 'Most tokens among them.';
comment on column laws.warnings is 'What the runs leave open.';
comment on column laws.saved is 'When it was saved, UTC.';
comment on column laws.version is 'The tokaudit that fitted it.';
comment on column laws.params_counted is 'Which params the runs count: total, non-embedding or active.';
comment on column laws.tokenizer is 'Whose tokens they count; null: nobody said.';

comment on view law_constants is 'One row a constant of a saved law.';
comment on column law_constants.law is 'The law.';
comment on column law_constants.name is 'The constant: E, A, B, alpha, beta, R_D_star, R_N_star, or k_N and a of N = k_N C^a.';
comment on column law_constants.value is 'Its value; infinite: nothing decays.';
comment on column law_constants.low is 'Lower bound of its bootstrap interval; null: too few runs for one.';
comment on column law_constants.high is 'Upper bound; infinite: the runs leave it open.';
comment on column law_constants.place is 'Place in the equation, from 0.';

comment on view law_draws is 'One row a constant of a bootstrap draw of a saved law.';
comment on column law_draws.law is 'The law.';
comment on column law_draws.draw is 'Number of the draw, from 0; values of one draw belong together.';
comment on column law_draws.name is 'The constant.';
comment on column law_draws.value is 'Its value in that draw.';

comment on view known_runs is 'One row a published training run; `tokaudit runs` judges them by a scaling law.';
comment on column known_runs.run is 'Its name.';
comment on column known_runs.params is 'Params as published, of a mixture of experts all of them.';
comment on column known_runs.tokens is 'Tokens trained on, repeats included, by its own tokenizer.';
comment on column known_runs.flops is 'Training FLOPs as 6ND, N the active params of a mixture of experts.';
comment on column known_runs.flops_published is 'Training FLOPs as published; null where none are known.';
comment on column known_runs.flops_ratio is 'flops over flops_published: further than 0.1 from 1, sources disagree or count otherwise.';
comment on column known_runs.active_params is 'Params that a token passes through; null for a dense model.';
comment on column known_runs.params_counted is 'What params are: total or non-embedding.';
comment on column known_runs.unique_tokens is 'Unique tokens of its corpus; null where unknown.';
comment on column known_runs.status is 'How the least sure of the numbers is known: read (in its source), second-hand or recalled.';
comment on column known_runs.source is 'Where the numbers come from.';
comment on column known_runs.note is 'What to know of them, such as sources in conflict.';

comment on view published_corpora is 'One row a published corpus or component, as somebody counted it; rows overlap, never sum them.';
comment on column published_corpora.corpus is 'Name of the corpus.';
comment on column published_corpora.component is 'Which part, edition or count of it.';
comment on column published_corpora.domain is 'Domain of its text.';
comment on column published_corpora.languages is 'Its languages, in its source''s words.';
comment on column published_corpora.tokens is 'Tokens by its tokenizer, words where that says so; null where none are published.';
comment on column published_corpora.tokens_low is 'Least that others found for the same text, or that is in dispute; null: no dispute.';
comment on column published_corpora.tokens_high is 'Most of that.';
comment on column published_corpora.tokenizer is 'Whose tokens, in its source''s words; empty where it names none.';
comment on column published_corpora.bytes is 'Bytes, of what bytes_of says.';
comment on column published_corpora.bytes_of is 'What the bytes are of: text (UTF-8), compressed (that text), files (with all else in them), characters (one each), or other (text than the tokens); null without bytes.';
comment on column published_corpora.documents is 'How many documents.';
comment on column published_corpora.bytes_per_token is 'bytes over tokens; of text, outside of 2.2 to 6.5 the note says why.';
comment on column published_corpora.extent is 'What of the corpus the row covers: whole, part (parts are disjoint), subset, or other (what its lineage alone places).';
comment on column published_corpora.standard is 'Whether the corpus''s name alone means this row, among others.';
comment on column published_corpora.counted is 'What the tokens leave out: near (near-duplicates), exact (exact ones), nominal (neither); repeated: repeats are counted.';
comment on column published_corpora.dedup is 'How duplicates were removed, as published.';
comment on column published_corpora.dedup_scope is 'Inside what they were looked for: global, sources, shard, dump, upstream, none or unknown.';
comment on column published_corpora.availability is 'Whether one can get it: open, gated, restricted (by terms of use), closed or withdrawn.';
comment on column published_corpora.licence is 'As its publishers name it; empty where unknown.';
comment on column published_corpora.year is 'Year of the count.';
comment on column published_corpora.kind is 'How it is known: read (in its source), second-hand, computed (from such) or recalled (unchecked).';
comment on column published_corpora.source is 'Where the row is from.';
comment on column published_corpora.note is 'What to know of it, the reasons of disputes among it.';

comment on view published_lineage is 'One row a relation between the texts of two corpora; pairs that are not there may overlap all the same.';
comment on column published_lineage.child is 'A corpus.';
comment on column published_lineage.child_component is 'Its component.';
comment on column published_lineage.relation is 'What the child is of the parent: subset_of, dedup_of, recount_of, derived_from, rewrite_of, upsample_of, overlaps; contains: the parent is inside the child.';
comment on column published_lineage.parent is 'Another corpus, or the same.';
comment on column published_lineage.parent_component is 'Its component.';
comment on column published_lineage.fraction is 'Share of the child''s tokens (subset_of: of the parent''s) that this is about; null: unknown.';
comment on column published_lineage.unlisted is 'Ends that are no row of published_corpora: child, parent, child+parent, or empty.';
comment on column published_lineage.kind is 'How it is known: read (in its source), second-hand, computed (from such) or recalled (unchecked).';
comment on column published_lineage.source is 'Where the relation is from.';
comment on column published_lineage.note is 'What to know of it.';

comment on view published_dedup is 'One row a published rate of deduplication; rates of one corpus differ in method, scope and unit.';
comment on column published_dedup.corpus is 'What was deduplicated.';
comment on column published_dedup.component is 'Which part of it.';
comment on column published_dedup.method is 'exact, near, near(minhash), near(simhash), substring, bloom, url or other.';
comment on column published_dedup.scope is 'Inside what duplicates were looked for, in the source''s words.';
comment on column published_dedup.unit is 'What is counted: documents, tokens, bytes, files …';
comment on column published_dedup."before" is 'How many there were.';
comment on column published_dedup."after" is 'How many were left.';
comment on column published_dedup.removed_pct is 'Share left out, in percent; null where a range is published.';
comment on column published_dedup.removed_pct_low is 'Low end of the range.';
comment on column published_dedup.removed_pct_high is 'High end of the range.';
comment on column published_dedup.params is 'Of the method, in its source''s words.';
comment on column published_dedup.kind is 'How it is known: read (in its source), second-hand, computed (from such) or recalled (unchecked).';
comment on column published_dedup.source is 'Where the rate is from.';
comment on column published_dedup.note is 'What to know of it: some shares are of other things than what was removed.';

comment on view token_rates is 'One row a text that somebody counted with a tokenizer: rates on one text can be compared.';
comment on column token_rates.tokenizer is 'Whose tokens.';
comment on column token_rates.text is 'The text that was counted.';
comment on column token_rates.domain is 'Domain of the text.';
comment on column token_rates.bytes_per_token is 'UTF-8 bytes of it a token; null where not published.';
comment on column token_rates.characters_per_token is 'Characters a token; null where not published.';
comment on column token_rates.tokens is 'How many tokens the text has; null where only the rate is published.';
comment on column token_rates.source is 'Where it is from.';

comment on view stocks is 'One row an estimate of how much there is of something; estimates overlap, never sum them.';
comment on column stocks.stock is 'What there is, unique.';
comment on column stocks.domain is 'Domain of its text.';
comment on column stocks.adjusted is 'What is counted: raw (everything), quality (good enough to train on), repetition (that times what repeats are worth).';
comment on column stocks.value is 'The estimate; null where only a range is given.';
comment on column stocks.low is 'Low end of its interval.';
comment on column stocks.high is 'High end of it.';
comment on column stocks.level is 'Probability that the interval claims; null for a range without one.';
comment on column stocks.unit is 'What is counted: tokens, words, books, files, bytes …';
comment on column stocks.year is 'Year that it holds for.';
comment on column stocks.method is 'How it was estimated, in short.';
comment on column stocks.kind is 'How it is known: read (in its source), second-hand, computed (from such) or recalled (unchecked).';
comment on column stocks.source is 'Where it is from.';
comment on column stocks.note is 'What to know of it.';

comment on view training_sets is 'One row one of the largest training sets of its year.';
comment on column training_sets.run is 'Name of the run.';
comment on column training_sets.year is 'Year of its publication.';
comment on column training_sets.tokens_total is 'Tokens trained on, repeats and synthetic text included, by its own tokenizer.';
comment on column training_sets.tokens_natural is 'Of these, written by people; null where not published.';
comment on column training_sets.tokens_unique is 'Tokens of its corpus, each once; null where not published.';
comment on column training_sets.kind is 'How it is known: read (in its source), second-hand, computed (from such) or recalled (unchecked).';
comment on column training_sets.source is 'Where the numbers are from.';
comment on column training_sets.note is 'What to know of them.';
