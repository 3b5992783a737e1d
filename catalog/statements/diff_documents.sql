-- The documents of a catalog, for a comparison with those of another: whether each counts in its row and in the whole
-- catalog, and if not, the source of the copy that does. None if nothing is counted with the tokenizer.
-- params: $by VARCHAR ('domain' or 'source'), $tokenizer VARCHAR
with kept_in as (
    select u.document, u.scope, u.exact_copy, f.source as kept
    from store.uncounted u join store.documents d on d.document = u.kept join store.whole f using (file)
    where u.scope in ($by, 'catalog')
)
select d.file, d.ordinal, d.key_hi, d.key_lo, c.tokens,
       r.exact_copy is not true as row_exact, r.document is null as row_counts, r.kept as row_kept,
       w.exact_copy is not true as whole_exact, w.document is null as whole_counts, w.kept as whole_kept
from store.documents d
join store.whole f using (file)
join store.token_counts c using (document)
left join kept_in r on r.document = d.document and r.scope = $by
left join kept_in w on w.document = d.document and w.scope = 'catalog'
where c.tokenizer = (select tokenizer from store.tokenizers where name = $tokenizer)
