-- Which share of the documents of each source has each label?
-- returns: source VARCHAR, label VARCHAR, documents BIGINT, documents_labelled BIGINT, share DOUBLE, distinct_values BIGINT
-- Labels that any source has. A share of 0 means that a filter by this label drops the whole source.
with labelled as (
    select source, name as label, count(*)::bigint as documents, count(distinct value)::bigint as distinct_values
    from labels
    group by source, name
),
seen as (select source, sum(documents)::bigint as documents from files group by source)
select s.source, n.label, s.documents, coalesce(l.documents, 0) as documents_labelled,
       documents_labelled / nullif(s.documents, 0) as share, coalesce(l.distinct_values, 0) as distinct_values
from seen s
cross join (select distinct label from labelled) n
left join labelled l on l.source = s.source and l.label = n.label
order by s.source, n.label;
