-- Which sources are in the catalog, how were they counted, and how much do they contain?
-- returns: source VARCHAR, domain VARCHAR, files BIGINT, documents BIGINT, bytes BIGINT, bad_records BIGINT, left_out BIGINT, clean VARCHAR, reader VARCHAR
select s.source, s.domain,
       count(f.path)::bigint as files,
       coalesce(sum(f.documents)::bigint, 0) as documents,
       coalesce(sum(f.bytes)::bigint, 0) as bytes,
       coalesce(sum(f.bad_records)::bigint, 0) as bad_records,
       (select coalesce(sum(l.number), 0) from left_out l where l.source = s.source)::bigint as left_out,
       s.clean, s.reader
from sources s left join files f using (source)
group by s.source, s.domain, s.clean, s.reader
order by s.source;
