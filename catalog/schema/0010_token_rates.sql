-- The columns' names now say that numbers are per token, as in the file. A reference table is refilled from its file,
-- so dropping it loses nothing.
drop table store.token_rates;
create table store.token_rates (
    tokenizer varchar not null, text varchar not null, domain varchar not null,
    bytes_per_token double, characters_per_token double, tokens double, source varchar not null
);
delete from store.shipped where name = 'token_rates';
