-- The number of a tokenizer, for queries: of the one named, or for null of the first that files are counted with. If
-- nothing was counted with the one named, the error lists the tokenizers there are. Null in an empty catalog.
create or replace macro store.tokenizer_named(wanted) as (
    select case when wanted is null then coalesce((select min(tokenizer) from store.counted_with), min(tokenizer))
                else coalesce(any_value(tokenizer) filter (name = wanted),
                              error('nothing is counted with tokenizer ' || wanted || ' (the catalog has: '
                                    || string_agg(name, ', ' order by name) || ')')) end
    from store.tokenizers
);
