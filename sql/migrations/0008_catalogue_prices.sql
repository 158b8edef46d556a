-- Catalogue price rules, and tier prices of products.

-- Its reader is gateway.personalize.tier_prices: amount is the price, or the percentage
-- off the regular one. No group is every group.
create table tier_price (
  website  text not null,
  sku      text not null,
  group_id integer references customer_group,
  quantity numeric(20, 4) not null default 1 check (quantity > 0),
  type     text not null default 'fixed' check (type in ('fixed', 'discount')),
  amount   numeric(20, 4) not null check (amount >= 0),
  foreign key (website, sku) references product on delete cascade
);

-- A group is never below 0.
create unique index tier_price_of_product
    on tier_price (website, sku, (coalesce(group_id, -1)), quantity);

create index tier_price_of_group on tier_price (group_id);

-- Rows name their customer groups and segments; none of the latter is everybody.
create table catalogue_price_rule (
  id                  bigint generated always as identity primary key,
  key                 text not null unique
                      check (key ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name                text not null,
  description         text not null default '',
  websites            text[] not null,
  active              boolean not null default true,
  customer_groups     integer[],
  segments            text[] not null default '{}',
  from_day            date,
  to_day              date,
  priority            integer not null default 0,
  conditions          jsonb,
  action              text not null,
  amount              numeric(20, 4) not null,
  discards_subsequent boolean not null default false,
  version             integer not null default 1,
  updated_at          timestamptz not null default now()
);

create view catalogue_price_rule_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(r) - array['id', 'version', 'updated_at', 'from_day', 'to_day']
       || jsonb_build_object('from', from_day, 'to', to_day,
                             'amount', trim_scale(amount)::text) as given
  from catalogue_price_rule r;

create trigger catalogue_price_rule_raises_revisions
after insert or update or delete on catalogue_price_rule
for each row execute function raise_revisions();

-- A block can be tied to them, as to cart price rules.
alter table dynamic_block
  add column catalogue_price_rules text[] not null default '{}';

-- What is new stands in "given" only where it is used, so that workers of the version
-- before, which would refuse it, go on with every block that does without.
create or replace view dynamic_block_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(b) - array['id', 'version', 'updated_at', 'catalogue_price_rules']
       || jsonb_strip_nulls(jsonb_build_object(
            'catalogue_price_rules', nullif(catalogue_price_rules, '{}'))) as given
  from dynamic_block b;
