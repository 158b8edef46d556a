-- A website with bench.customers customers, an address each and five orders on average,
-- by chance that is always the same. The orders of a customer lie far apart, as they do
-- where customers come back.

create function pg_temp.chance(n bigint, salt bigint, sides bigint) returns integer
language sql immutable parallel safe
return (abs(hashint8extended(n, salt) % sides))::integer;

insert into website (code, name, timezone, currency)
values ('bench', 'Bench', 'Europe/Berlin', 'EUR');

insert into customer (website, customer_id, email, first_name, last_name, group_id,
                      gender, date_of_birth, created_at, newsletter)
select 'bench', to_char(n, 'FM00000000'), 'c' || n || '@shop.example',
       'First' || pg_temp.chance(n, 1, 97), 'Last' || pg_temp.chance(n, 2, 89),
       1 + pg_temp.chance(n, 3, 3), (array['male', 'female'])[1 + pg_temp.chance(n, 4, 2)],
       date '1950-01-01' + pg_temp.chance(n, 5, 20000),
       timestamptz '2020-01-01' + pg_temp.chance(n, 6, 1800) * interval '1 day',
       pg_temp.chance(n, 7, 4) = 0
  from generate_series(1, current_setting('bench.customers')::bigint) n;

-- Nobody counts versions while all of this is new.
set session_replication_role = replica;

insert into address (website, customer_id, address_id, city, country, postcode,
                     default_billing)
select 'bench', to_char(n, 'FM00000000'), '1', 'City' || pg_temp.chance(n, 8, 500),
       (array['GB', 'DE', 'FR', 'US', 'NL', 'ES', 'IE',
              'AU'])[1 + pg_temp.chance(n, 9, 8)],
       (10000 + pg_temp.chance(n, 10, 80000))::text, true
  from generate_series(1, current_setting('bench.customers')::bigint) n;

insert into sales_order (website, order_id, customer_id, created_at, status,
                         grand_total, quantity, country)
select 'bench', to_char(n, 'FM000000000'),
       to_char(1 + pg_temp.chance(n, 11, current_setting('bench.customers')::bigint),
               'FM00000000'),
       timestamptz '2023-01-01' + pg_temp.chance(n, 12, 1000) * interval '1 day',
       (array['complete', 'complete', 'complete', 'processing',
              'canceled'])[1 + pg_temp.chance(n, 13, 5)],
       (5 + pg_temp.chance(n, 14, 30000) / 100.0)::numeric(20, 4),
       1 + pg_temp.chance(n, 15, 9),
       (array['GB', 'DE', 'FR', 'US', 'NL', 'ES', 'IE',
              'AU'])[1 + pg_temp.chance(n, 16, 8)]
  from generate_series(1, 5 * current_setting('bench.customers')::bigint) n;

set session_replication_role = origin;

analyze;
