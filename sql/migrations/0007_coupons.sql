-- Coupons: how often a cart price rule can be used, codes that were generated for it,
-- and who has used which.

-- 0 is no limit, as Adobe Commerce has it.
alter table cart_price_rule
  add column generated_coupons boolean not null default false,
  add column uses_per_coupon   integer not null default 0 check (uses_per_coupon >= 0),
  add column uses_per_customer integer not null default 0
                               check (uses_per_customer >= 0),
  add column uses_per_rule     integer not null default 0 check (uses_per_rule >= 0);

-- What is new stands in "given" only where it is used: workers of the version before
-- refuse such a rule, and so give nothing, rather than give it without its limits.
create or replace view cart_price_rule_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(r) - array['id', 'version', 'updated_at', 'segments', 'from_day',
                           'to_day', 'generated_coupons', 'uses_per_coupon',
                           'uses_per_customer', 'uses_per_rule']
       || jsonb_build_object('from', from_day, 'to', to_day,
                             'amount', trim_scale(amount)::text,
                             'at_most', trim_scale(at_most)::text,
                             'step', trim_scale(step)::text)
       || jsonb_strip_nulls(jsonb_build_object(
            'generated_coupons', nullif(generated_coupons, false),
            'uses_per_coupon', nullif(uses_per_coupon, 0),
            'uses_per_customer', nullif(uses_per_customer, 0),
            'uses_per_rule', nullif(uses_per_rule, 0))) as given
  from cart_price_rule r;

-- Codes that were generated; the specific code of a rule stands with the rule.
create table coupon (
  id         bigint generated always as identity primary key,
  rule_id    bigint not null references cart_price_rule on delete cascade,
  code       text not null check (code ~ '^[!-~]{1,255}$'),
  created_at timestamptz not null default now()
);

create unique index coupon_of_code on coupon (lower(code));
create index coupon_of_rule on coupon (rule_id, id);

-- One order's hold on the coupons of its cart, under the key of whoever places it.
-- shopper says whose uses are counted: 'customer:' and an id, 'email:' and a keyed
-- hash, or nobody's. What is reserved ends at expires_at by itself.
create table coupon_reservation (
  id         bigint generated always as identity primary key,
  website    text not null references website on delete cascade,
  key        text not null check (length(key) between 1 and 255),
  cart_id    text not null,
  shopper    text,
  order_id   text,
  state      text not null check (state in ('reserved', 'committed', 'released',
                                            'expired')),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (website, key),
  check (state <> 'committed' or order_id is not null)
);

create unique index coupon_reservation_of_order
    on coupon_reservation (website, order_id) where state = 'committed';
create index coupon_reservation_of_cart
    on coupon_reservation (cart_id) where state = 'reserved';
create index coupon_reservation_of_end
    on coupon_reservation (expires_at) where state = 'reserved';

-- Which rules a reservation uses, each by one code: as the cart has it, and folded.
create table coupon_redemption (
  reservation_id bigint not null references coupon_reservation on delete cascade,
  rule_id        bigint not null references cart_price_rule on delete cascade,
  code           text not null,
  folded         text not null,
  primary key (reservation_id, rule_id)
);

create index coupon_redemption_of_rule on coupon_redemption (rule_id);

-- How many uses are reserved or committed: of a rule ('rule'), of one of its codes
-- ('code:' and the folded code), by one shopper. most is the limit at the last use.
create table coupon_counter (
  rule_id bigint not null references cart_price_rule on delete cascade,
  scope   text not null,
  used    integer not null check (used >= 0),
  most    integer not null,
  primary key (rule_id, scope)
);

-- The codes, folded, that a rule has: as its specific code, or as one of those that
-- were generated for it.
create function coupon_owners(codes text[])
returns table (code text, rule_id bigint) language sql stable as $$
  select a.code, r.id
    from (select distinct lower(btrim(c, E' \t\r\n')) as code
            from unnest($1) c) a
    join cart_price_rule r on r.coupon_code <> '' and lower(r.coupon_code) = a.code
   where a.code <> ''
   union all
  select a.code, r.id
    from (select distinct lower(btrim(c, E' \t\r\n')) as code
            from unnest($1) c) a
    join coupon g on lower(g.code) = a.code
    join cart_price_rule r on r.id = g.rule_id and r.generated_coupons
$$;

-- Whether a code of a rule has a use left for a shopper. What is late no longer
-- counts, and what the cart holds itself does not stand in its own way.
create function coupon_has_use(rule_id bigint, folded text, shopper text, cart_id text)
returns boolean language sql stable as $$
  select not exists (
    select
      from cart_price_rule r
     cross join lateral (values ('rule', r.uses_per_rule),
                                ('code:' || $2, r.uses_per_coupon),
                                ($3, r.uses_per_customer)) as s (scope, most)
      join coupon_counter c on (c.rule_id, c.scope) = (r.id, s.scope)
     where r.id = $1 and s.most > 0 and c.used >= s.most
       and c.used - (select count(*)
                       from coupon_reservation v
                       join coupon_redemption d on d.reservation_id = v.id
                      where v.state = 'reserved'
                        and (v.expires_at <= now() or v.cart_id = $4)
                        and d.rule_id = r.id
                        and s.scope in ('rule', 'code:' || d.folded, v.shopper))
           >= s.most)
$$;

-- How many codes were tried in a window of time, by whom: a session or an address,
-- as keyed hashes. Nothing is lost with it but the count, so it is not logged.
create unlogged table coupon_try (
  bucket     text primary key,
  began_at   timestamptz not null,
  tried      integer not null
);

create index coupon_try_of_beginning on coupon_try (began_at);
