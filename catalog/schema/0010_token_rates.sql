-- What a number is for each token its column's name says, as in the file. A reference table is filled anew from its
-- file, so nothing is lost by making it again.
drop table store.token_rates;
create table store.token_rates (
    tokenizer varchar not null, text varchar not null, domain varchar not null,
    bytes_per_token double, characters_per_token double, tokens double, source varchar not null
);
delete from store.shipped where name = 'token_rates';
