-- What is left out of the complete files at the paths in `incoming`, by rule and suffix.
select o.rule, o.suffix, sum(o.number)::bigint as files, sum(o.bytes)::bigint as bytes,
       arg_min(f.path || '!' || o.example, (f.path, o.rowid)) as example
from store.omitted o join store.whole f using (file) semi join incoming using (path)
group by o.rule, o.suffix
order by o.rule, o.suffix
