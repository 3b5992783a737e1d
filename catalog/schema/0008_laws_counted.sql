-- Which parameters the runs count, and with which tokenizer. Null if that was not given.
alter table store.laws add column params_counted varchar default 'total';
alter table store.laws add column tokenizer varchar;
