-- Published training runs, of catalog/reference/known_runs.csv: filled anew whenever a catalog is opened for an ingest.
create table store.known_runs (
    run varchar not null, params double not null, active_params double, params_counted varchar not null,
    tokens double not null, unique_tokens double, flops_published double, status varchar not null,
    source varchar not null, note varchar not null
);
