-- How many documents have which value of some labels, by domain.
-- params: $names VARCHAR[]
select s.domain, l.name, l.value, count(*)::bigint as documents
from store.labels l
join store.documents d using (document)
join store.whole f using (file)
join store.sources s using (source)
where l.name in (select unnest($names))
group by s.domain, l.name, l.value
order by s.domain, l.name, documents desc, l.value;
