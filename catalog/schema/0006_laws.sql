-- Scaling laws that were fitted on runs and saved under a name.
create table store.laws (
    law varchar primary key, method varchar not null, source_file varchar not null, runs_used bigint not null,
    objective double, r_squared double not null, level double not null,
    flops_low double not null, flops_high double not null, params_low double not null, params_high double not null,
    tokens_low double not null, tokens_high double not null,
    warnings varchar[] not null, saved timestamp not null, version varchar not null
);
-- Constants in the order of the equation. An interval is null if there are too few runs for one.
create table store.law_constants (
    law varchar not null, place integer not null, name varchar not null, value double not null, low double, high double,
    primary key (law, place)
);
-- Bootstrap draws. Values with the same draw number belong together.
create table store.law_draws (law varchar not null, draw integer not null, name varchar not null, value double not null);
