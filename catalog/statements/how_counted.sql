-- How each source was counted, by the versions and settings of the ingests whose files it still has.
select s.source, s.domain, s.reader, s.text_field, s.text_rules, s.clean, s.steps, s.labels, s.repeat_length,
       (select list(distinct i.version order by i.version) from store.ingests i
        semi join store.whole f on f.ingest = i.ingest and f.source = i.source where i.source = s.source) as versions,
       -- A retry reads some files only, and names none.
       (select arg_max(i.settings, i.ingest) from store.ingests i
        where i.source = s.source and not contains(i.settings, '"retry":true')) as settings,
       (select list(distinct f.extractor order by f.extractor) from store.whole f
        where f.source = s.source and f.extractor is not null) as extractors,
       (select list(t.name order by t.tokenizer) from store.tokenizers t
        where exists (from store.counted_with w join store.whole f using (file)
                      where w.tokenizer = t.tokenizer and f.source = s.source)) as tokenizers
from sources s
order by s.source;
