-- Documents whose groups are to be derived anew, in the order that decides who is kept.
create temp view live as
from store.documents anti join (select file from store.files where state = 'staged') using (file);

set variable new_from = (select new_from from store.derived);
create temp table stale as
select key_hi, key_lo from live where document >= getvariable('new_from')
union all select key_hi, key_lo from store.disturbed;

-- Texts with a link to one of these, and those of these that have a link.
create temp table linked as
select unnest([a_hi, b_hi]) as key_hi, unnest([a_lo, b_lo]) as key_lo
from store.links semi join stale on a_hi = key_hi and a_lo = key_lo
union
select unnest([a_hi, b_hi]), unnest([a_lo, b_lo])
from store.links semi join stale on b_hi = key_hi and b_lo = key_lo;
create temp table earlier as
select document, key_hi, key_lo
from live semi join (from stale where getvariable('new_from') > 0 union all from linked) using (key_hi, key_lo)
where document < getvariable('new_from');

-- Of the new documents those that may be in a group: most are like no other.
create temp table grouped as
select key_hi, key_lo from stale group by all having count(*) > 1
union all select key_hi, key_lo from store.disturbed
union all from linked
union all select key_hi, key_lo from earlier;
create temp table affected as
select document from earlier
union all
select document from live semi join grouped using (key_hi, key_lo) where document >= getvariable('new_from');
-- The groups as they were: links that are gone held some of them together.
insert into affected
with before as (
    select document as kept from affected
    union all select kept from store.uncounted semi join affected using (document) where scope = 'catalog'
)
select unnest([document, kept]) from store.uncounted semi join before using (kept) where scope = 'catalog';

with place as (
    select file, domain.number as domain, source.number as source,
           dense_rank() over (order by f.source, f.below) as place,
           row_number() over (order by f.source, f.below, f.path) as turn
    from store.files f
    join (select source, row_number() over (order by source) - 1 as number, domain from store.sources) source
        using (source)
    join (select domain, row_number() over (order by domain) - 1 as number from store.sources group by domain) domain
        using (domain)
)
select d.document, p.domain, p.source, d.key_hi, d.key_lo
from live d semi join affected using (document) join place p using (file)
order by p.place, d.ordinal, p.turn
