-- What the runs count: which params, and tokens of which tokenizer; null: nobody said.
alter table store.laws add column params_counted varchar default 'total';
alter table store.laws add column tokenizer varchar;
