-- What a rule book is made of: segments, dynamic blocks, cart price rules and
-- related-product rules. They refer to each other by key, which never changes.

create table segment (
  id          bigint generated always as identity primary key,
  key         text not null unique check (key ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name        text not null,
  description text not null default '',
  websites    text[] not null,
  active      boolean not null default true,
  applies_to  text not null check (applies_to in ('visitor', 'registered', 'both')),
  conditions  jsonb,
  version     integer not null default 1,
  updated_at  timestamptz not null default now()
);

create table cart_price_rule (
  id                  bigint generated always as identity primary key,
  key                 text not null unique
                      check (key ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name                text not null,
  description         text not null default '',
  websites            text[] not null,
  active              boolean not null default true,
  customer_groups     integer[],
  from_day            date,
  to_day              date,
  priority            integer not null default 0,
  coupon_code         text not null default '',
  conditions          jsonb,
  item_conditions     jsonb,
  segments            text[] not null default '{}',
  action              text not null,
  amount              numeric(20, 4) not null default 0,
  at_most             numeric(20, 4),
  step                numeric(20, 4),
  discards_subsequent boolean not null default false,
  applies_to_shipping boolean not null default false,
  free_shipping       text not null default 'none'
                      check (free_shipping in ('none', 'items', 'shipment')),
  label               text not null default '',
  label_by_store_view jsonb not null default '{}',
  version             integer not null default 1,
  updated_at          timestamptz not null default now()
);

-- Codes are compared without regard to case.
create unique index cart_price_rule_of_coupon_code
    on cart_price_rule (lower(coupon_code)) where coupon_code <> '';

create table dynamic_block (
  id                    bigint generated always as identity primary key,
  key                   text not null unique
                        check (key ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name                  text not null,
  description           text not null default '',
  websites              text[] not null,
  active                boolean not null default true,
  locations             text[] not null default '{}',
  shown_to              text not null check (shown_to in ('everyone', 'segments')),
  segments              text[] not null default '{}',
  cart_price_rules      text[] not null default '{}',
  position              integer not null default 0,
  content               text not null default '',
  content_by_store_view jsonb not null default '{}',
  version               integer not null default 1,
  updated_at            timestamptz not null default now()
);

create table related_product_rule (
  id                  bigint generated always as identity primary key,
  key                 text not null unique
                      check (key ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name                text not null,
  description         text not null default '',
  websites            text[] not null,
  active              boolean not null default true,
  list                text not null check (list in ('related', 'upsell', 'crosssell')),
  priority            integer not null default 1,
  from_day            date,
  to_day              date,
  result_limit        integer not null default 20 check (result_limit between 1 and 20),
  shown_to            text not null check (shown_to in ('everyone', 'segments')),
  segments            text[] not null default '{}',
  products_to_match   jsonb,
  products_to_display jsonb,
  version             integer not null default 1,
  updated_at          timestamptz not null default now()
);

-- Each definition as its subject's own "read" takes it: what an admin wrote, in the
-- words of the admin door and of import files.
create view segment_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(s) - array['id', 'version', 'updated_at'] as given
  from segment s;

-- segments is left out: it repeats the keys that the conditions ask for, so that a
-- segment in use is known as such.
create view cart_price_rule_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(r) - array['id', 'version', 'updated_at', 'segments', 'from_day',
                           'to_day']
       || jsonb_build_object('from', from_day, 'to', to_day,
                             'amount', trim_scale(amount)::text,
                             'at_most', trim_scale(at_most)::text,
                             'step', trim_scale(step)::text) as given
  from cart_price_rule r;

create view dynamic_block_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(b) - array['id', 'version', 'updated_at'] as given
  from dynamic_block b;

create view related_product_rule_definition as
select id, key, name, websites, active, version, updated_at,
       to_jsonb(r) - array['id', 'version', 'updated_at', 'from_day', 'to_day',
                           'result_limit']
       || jsonb_build_object('from', from_day, 'to', to_day,
                             'limit', result_limit) as given
  from related_product_rule r;

-- Revisions ------------------------------------------------------------------------

create function raise_revisions() returns trigger language plpgsql as $$
declare
  touched text[] := '{}';
begin
  if tg_op <> 'INSERT' then touched := touched || old.websites; end if;
  if tg_op <> 'DELETE' then touched := touched || new.websites; end if;
  update website set revision = revision + 1 where code = any (touched);
  return null;
end $$;

create function raise_all_revisions() returns trigger language plpgsql as $$
begin
  update website set revision = revision + 1;
  return null;
end $$;

do $$
declare
  ruled text;
begin
  foreach ruled in array array['segment', 'cart_price_rule', 'dynamic_block',
                               'related_product_rule'] loop
    execute format('create trigger %1$s_raises_revisions
                    after insert or update or delete on %1$s
                    for each row execute function raise_revisions()', ruled);
  end loop;
  foreach ruled in array array['store_view', 'customer_group',
                               'attribute_declaration'] loop
    execute format('create trigger %1$s_raises_revisions
                    after insert or update or delete on %1$s
                    for each statement execute function raise_all_revisions()', ruled);
  end loop;
end $$;

-- Whoever listens learns of it when the transaction commits; twice told is once
-- heard, and a notification that is lost is made good by re-reading the revisions.
create function announce_website() returns trigger language plpgsql as $$
begin
  perform pg_notify('gateway_revision', new.code);
  return null;
end $$;

create trigger website_is_announced after insert or update on website
for each row execute function announce_website();

-- A catalogue is made with the time zone, too: special prices are for whole days. The
-- lock is that of whoever writes products, who alone may raise its revision.
create function raise_own_revision() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(1667329140, new.id);
  new.revision := old.revision + 1;
  new.catalogue_revision := old.catalogue_revision + 1;
  return new;
end $$;

create trigger website_is_changed before update of name, timezone, currency on website
for each row execute function raise_own_revision();
