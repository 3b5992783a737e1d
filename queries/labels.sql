-- Which values do labels have in each source, and how many documents and bytes have them?
-- returns: source VARCHAR, label VARCHAR, value VARCHAR, documents BIGINT, bytes BIGINT
-- Documents are those seen, duplicates included. `tokaudit supply --by LABEL` counts the unique ones.
select d.source, l.name as label, l.value, count(*)::bigint as documents, sum(d.bytes)::bigint as bytes
from labels l join documents d using (document)
group by all
order by d.source, label, l.value;
