-- The number of a tokenizer, for queries. If nothing was counted with it, the error lists the tokenizers there are.
create or replace macro store.tokenizer_named(wanted) as (
    select coalesce(any_value(tokenizer) filter (name = wanted),
                    error('nothing is counted with tokenizer ' || wanted || ' (the catalog has: '
                          || string_agg(name, ', ' order by name) || ')'))
    from store.tokenizers
);
