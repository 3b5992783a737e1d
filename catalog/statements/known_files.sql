-- Files in the catalog at the paths in `incoming`, with their tokenizers and labels.
-- A file that could not be read to its end has no content: what is at a URL has a tag all the same.
select f.path, f.file as number, f.source, f.reader, f.text_field, f.documents, f.size, f.modified, f.ingest,
       if(u.file is null, f.content, '') as content, f.state, f.below,
       f.file in (select file from store.bad_records where code in ('too_large', 'label_too_long')) as too_large,
       coalesce(list(distinct t.name) filter (t.name is not null), []) as counted_with,
       coalesce(list(distinct l.label) filter (l.label is not null), []) as labelled_with
from store.whole f semi join incoming using (path)
left join (select distinct file from store.bad_records where ordinal is null and code = 'unreadable') u on u.file = f.file
left join store.counted_with w on w.file = f.file
left join store.tokenizers t using (tokenizer)
left join store.labelled_with l on l.file = f.file
group by all
