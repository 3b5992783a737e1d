-- Stores the documents in `incoming` that do not count, by scope. A document without `kept` counts now.
-- Only changes are written: one more duplicate of a text that has many is one row.
merge into store.uncounted old using incoming i on old.scope = i.scope and old.document = i.document
when matched and i.kept is null then delete
when matched and (old.kept, old.exact_copy, old.similarity, old.kind)
    is distinct from (i.kept, i.exact_copy, i.similarity, i.kind)
    then update set kept = i.kept, exact_copy = i.exact_copy, similarity = i.similarity, kind = i.kind
when not matched and i.kept is not null then insert by name
