-- Files in the catalog at the paths in `incoming`, with their tokenizers and labels.
select f.path, f.file as number, f.source, f.reader, f.text_field, f.documents, f.size, f.modified, f.content, f.state, f.below,
       f.ingest,
       coalesce(list(distinct t.name) filter (t.name is not null), []) as counted_with,
       coalesce(list(distinct l.label) filter (l.label is not null), []) as labelled_with
from store.whole f semi join incoming using (path)
left join store.counted_with w using (file)
left join store.tokenizers t using (tokenizer)
left join store.labelled_with l using (file)
group by all
