-- Which published corpora contain the text of another one, directly or through others?
-- params: $corpus VARCHAR = null
-- returns: corpus VARCHAR, component VARCHAR, holder VARCHAR, holder_component VARCHAR, steps INTEGER, path VARCHAR
-- $corpus is the corpus that others contain, or null for every corpus. path has the relations, innermost first.
-- Overlaps are left out: they do not say that one corpus contains the other.
with recursive held as (
    select child as corpus, child_component as component, relation, parent as holder, parent_component as holder_component
    from published_lineage where relation not in ('contains', 'overlaps')
    union all
    select parent, parent_component, relation, child, child_component  -- a recount counts the same text
    from published_lineage where relation in ('contains', 'recount_of')
),
reached as (
    select corpus, component, holder, holder_component, 1 as steps, relation as path,
           [(corpus, component), (holder, holder_component)] as passed
    from held where corpus = coalesce($corpus, corpus)
    union all
    select r.corpus, r.component, h.holder, h.holder_component, r.steps + 1, r.path || ', ' || h.relation,
           list_append(r.passed, (h.holder, h.holder_component))
    from reached r join held h on h.corpus = r.holder and h.component = r.holder_component
    where not list_contains(r.passed, (h.holder, h.holder_component))
)
select corpus, min_by(component, (steps, component)) as component, holder, holder_component, min(steps) as steps,
       min_by(path, (steps, component, path)) as path
from reached
where holder <> corpus
group by corpus, holder, holder_component
order by corpus, steps, holder, holder_component;
