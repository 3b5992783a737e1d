-- Published training runs, from catalog/reference/known_runs.csv. Refilled if the file has changed when a catalog is
-- opened for writing.
create table store.known_runs (
    run varchar not null, params double not null, active_params double, params_counted varchar not null,
    tokens double not null, unique_tokens double, flops_published double, status varchar not null,
    source varchar not null, note varchar not null
);
