-- What else is known of customers: all of their names and addresses, the addresses of
-- their orders, and what a cart is paid with.

-- Whether conditions may ask for a shop's own attribute.
alter table attribute_declaration
  add column in_conditions boolean not null default true;

alter table customer
  add column prefix      text,
  add column middle_name text,
  add column suffix      text;

alter table address
  add column prefix      text,
  add column middle_name text,
  add column suffix      text,
  add column region_code text,
  add column fax         text,
  add column vat_id      text,
  add column attributes  jsonb not null default '{}';

-- An order without a shipping address of its own here has the one in its own row.
create table order_address (
  website     text not null,
  order_id    text not null,
  type        text not null check (type in ('billing', 'shipping')),
  prefix      text,
  first_name  text,
  middle_name text,
  last_name   text,
  suffix      text,
  company     text,
  street      text,
  city        text,
  region      text,
  region_code text,
  country     text,
  postcode    text,
  telephone   text,
  fax         text,
  vat_id      text,
  attributes  jsonb not null default '{}',
  primary key (website, order_id, type),
  foreign key (website, order_id) references sales_order on delete cascade
);

-- Where the orders of customers were billed and shipped to.
create view address_of_orders as
select o.website, o.customer_id, a.type,
       jsonb_strip_nulls(to_jsonb(a))
       - array['website', 'order_id', 'type'] as address
  from sales_order o
  join order_address a on (a.website, a.order_id) = (o.website, o.order_id)
 union all
select o.website, o.customer_id, 'shipping',
       jsonb_strip_nulls(jsonb_build_object(
         'city', o.city, 'region', o.region, 'country', o.country,
         'postcode', o.postcode, 'attributes', '{}'::jsonb))
  from sales_order o
 where coalesce(o.city, o.region, o.country, o.postcode) is not null
   and not exists (select from order_address a
                    where (a.website, a.order_id, a.type)
                          = (o.website, o.order_id, 'shipping'));

-- Where the order itself is gone, its own trigger has touched its customer.
create function touch_customers_of_order_addresses() returns trigger
language plpgsql as $$
begin
  update customer c
     set version = c.version
    from (select distinct o.website, o.customer_id
            from changed t
            join sales_order o on (o.website, o.order_id) = (t.website, t.order_id)) t
   where (c.website, c.customer_id) = (t.website, t.customer_id);
  return null;
end $$;

create trigger order_address_is_added after insert on order_address
referencing new table as changed
for each statement execute function touch_customers_of_order_addresses();

create trigger order_address_is_changed after update on order_address
referencing new table as changed
for each statement execute function touch_customers_of_order_addresses();

create trigger order_address_is_removed after delete on order_address
referencing old table as changed
for each statement execute function touch_customers_of_order_addresses();

alter table cart
  add column store_credit numeric(20, 4) not null default 0,
  add column gift_card    numeric(20, 4) not null default 0;

-- Audiences ---------------------------------------------------------------------------

-- Customers whom another system has chosen. Where it does not say until when, a member
-- stays for ttl_seconds; null is for good.
create table audience (
  id          bigint generated always as identity primary key,
  key         text not null unique check (key ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name        text not null,
  description text not null default '',
  source      text not null default '',
  websites    text[] not null,
  ttl_seconds bigint check (ttl_seconds > 0),
  version     integer not null default 1,
  updated_at  timestamptz not null default now()
);

create table audience_member (
  website      text not null,
  customer_id  text not null,
  audience     text not null references audience (key) on delete cascade,
  qualified_at timestamptz not null default now() check (isfinite(qualified_at)),
  expires_at   timestamptz check (isfinite(expires_at)),
  primary key (website, customer_id, audience),
  foreign key (website, customer_id) references customer on delete cascade
);

create index audience_member_of_audience
    on audience_member (audience, website, customer_id);

create index audience_member_of_expiry on audience_member (expires_at)
 where expires_at is not null;

create trigger audience_member_is_added after insert on audience_member
referencing new table as changed
for each statement execute function touch_customers();

create trigger audience_member_is_changed after update on audience_member
referencing new table as changed old table as former
for each statement execute function touch_customers();

create trigger audience_member_is_removed after delete on audience_member
referencing old table as changed
for each statement execute function touch_customers();

create view audience_definition as
select id, key, name, websites, version, updated_at,
       to_jsonb(a) - array['id', 'version', 'updated_at'] as given
  from audience a;

-- Rule books know which audiences there are.
create trigger audience_raises_revisions
after insert or update or delete on audience
for each row execute function raise_revisions();

-- Nobody stays in an audience on a website that it is no longer for.
create function remove_members_of_former_websites() returns trigger
language plpgsql as $$
begin
  delete from audience_member
   where audience = new.key and website <> all (new.websites);
  return null;
end $$;

create trigger audience_leaves_websites after update of websites on audience
for each row execute function remove_members_of_former_websites();

-- Segments of visitors that outlast a login --------------------------------------------

alter table segment
  add column keeps_after_login boolean not null default false;

create or replace view segment_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(s) - array['id', 'version', 'updated_at', 'from_day', 'to_day',
                           'segments', 'include', 'exclude', 'keeps_after_login']
       || jsonb_strip_nulls(jsonb_build_object('from', from_day, 'to', to_day,
                                               'include', nullif(include, '{}'),
                                               'exclude', nullif(exclude, '{}'),
                                               'keeps_after_login',
                                               nullif(keeps_after_login, false)))
       as given
  from segment s;

-- The segments of that kind that a session is in. A visitor's has no customer_id, until
-- a login ends it: then it is that customer's, who alone takes over what it held.
create table remembered_segments (
  session     text not null,
  website     text not null references website on delete cascade,
  customer_id text,
  segments    text[] not null,
  expires_at  timestamptz not null,
  primary key (session, website)
);

create index remembered_segments_of_expiry on remembered_segments (expires_at);
