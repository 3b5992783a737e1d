-- optional: catalogs without it are read as if no plan were saved.
-- Plans that users saved under a name. Null in a column means what it means in the plan.
create table store.plans (
    name varchar primary key, saved timestamp not null, version varchar not null, law varchar not null,
    flops double not null, params double, tokens double, "constraint" varchar, cause varchar, certainty varchar,
    binding_domain varchar, epochs double, params_constrained double, tokens_constrained double,
    compute_equivalent_share double, mixture varchar, supply_origin varchar not null,
    options varchar not null,           -- JSON: the options of `tokaudit plan` that were given
    document varchar not null           -- JSON: the whole plan
);
-- Domains of saved plans, in the order of the supply.
create table store.plan_domains (
    plan varchar not null, place integer not null, domain varchar not null, share double not null,
    tokens_needed double not null, tokens_unique double, tokens_unique_low double, tokens_unique_high double,
    epochs double, tokens_effective double, verdict varchar,
    primary key (plan, place)
);
