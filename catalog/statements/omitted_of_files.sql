-- What is left out of the complete files at the paths in `incoming`, by rule and suffix.
select o.rule, o.suffix, sum(o.number)::bigint as files, sum(o.bytes)::bigint as bytes,
       arg_min(f.path || coalesce('!' || nullif(o.example, ''), ''), (f.path, o.rowid)) as example,
       coalesce(sum(o.number) filter (o.example <> ''), 0)::bigint as parts
from store.omitted o join store.whole f using (file) semi join incoming using (path)
group by o.rule, o.suffix
order by o.rule, o.suffix
