-- What shoppers and shops do, as it is told, and what is made of it.
--
-- Every event counts once, and what a decision looks at is kept up as it comes: a
-- history for each shopper, and the customers and orders that were there before.

-- The ids of a website's events, those of servers apart from those of shoppers, who
-- could take one away otherwise. They are in no partition: an id counts once, in
-- whichever month. The digest is of what was sent under it.
create table event_id (
  website     text not null,
  from_server boolean not null,
  id          text not null,
  digest      bytea not null,
  month       date not null,
  primary key (website, from_server, id)
);

create index event_id_of_month on event_id (month);

-- One month each is a partition, of UTC: make_event_month makes it, drop_event_months
-- drops it. No foreign key: all events of a website would lock its row.
create table event (
  website     text not null,
  from_server boolean not null,
  id          text not null,
  type        text not null,
  at          timestamptz not null,
  received_at timestamptz not null default now(),
  customer_id text,
  session     text,
  email       text,
  payload     jsonb not null default '{}'
) partition by range (at);

create index event_of_customer on event (website, customer_id)
 where customer_id is not null;

create index event_of_session on event (website, session) where session is not null;

create index event_of_email on event (website, email) where email is not null;

create function make_event_month(month date) returns void language plpgsql as $$
declare
  name text := 'event_' || to_char(month, 'YYYY_MM');
begin
  perform pg_advisory_xact_lock(1667329141);
  if to_regclass('public.' || name) is not null then return; end if;
  -- Made aside and then attached, so that nobody waits who reads or writes another.
  execute format('create table public.%I (like public.event including defaults)', name);
  execute format('alter table public.event attach partition public.%I
                  for values from (%L) to (%L)', name,
                 month::timestamp at time zone 'UTC',
                 (month + interval '1 month') at time zone 'UTC');
end $$;

-- Whoever reads or writes any month is waited for, and then has to wait: not for long.
create function drop_event_months(before date) returns integer language plpgsql
set lock_timeout = '2s' as $$
declare
  name    text;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(1667329141);
  for name in select c.relname
                from pg_inherits i
                join pg_class c on c.oid = i.inhrelid
               where i.inhparent = 'public.event'::regclass
                 and c.relname < 'event_' || to_char(before, 'YYYY_MM')
               order by c.relname loop
    execute format('drop table public.%I', name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

-- What is made of a shopper's behaviour: of a customer by their id, else of a
-- visitor's session. version is never the same twice, not even of a shopper who is
-- forgotten and comes back; history is an object that gateway/storage/histories.py
-- writes whole, so that reading it is reading one row.
create sequence history_version;

create table history (
  website     text not null,
  of_customer boolean not null,
  owner       text not null,
  version     bigint not null default nextval('history_version'),
  last_at     timestamptz,
  history     jsonb not null default '{}',
  primary key (website, of_customer, owner)
);

create index history_of_last_at on history (last_at);

-- The furthest that events have brought an order, also one that is not known yet, and
-- how much was given back.
create table order_standing (
  website  text not null,
  order_id text not null,
  status   text not null default 'pending',
  refunded numeric(20, 4) not null default 0,
  told_at  timestamptz not null default now(),
  primary key (website, order_id)
);

create index order_standing_of_told_at on order_standing (told_at);

-- Which customers were deleted, and when, so that what comes late brings nobody back.
-- Nothing in it says who that was: it is a digest of the id.
create table forgotten_customer (
  website text not null,
  digest  bytea not null,
  at      timestamptz not null,
  primary key (website, digest)
);

-- When the latest event that told of the customer's own fields happened.
alter table customer add column told_at timestamptz;

-- Servers may name a customer by e-mail alone.
create index customer_of_email on customer (website, lower(email));

create index sales_order_of_email on sales_order (website, lower(email))
 where customer_id is null;

-- Who is deleted is forgotten, whoever deletes them.
create function forget_customers() returns trigger language plpgsql as $$
begin
  delete from history h
   using former f
   where (h.website, h.of_customer, h.owner) = (f.website, true, f.customer_id);
  delete from event e
   using former f
   where (e.website, e.customer_id) = (f.website, f.customer_id);
  delete from cart c
   using former f
   where (c.website, c.customer_id) = (f.website, f.customer_id);
  return null;
end $$;

create trigger customer_is_forgotten after delete on customer
referencing old table as former
for each statement execute function forget_customers();

create function forget_website() returns trigger language plpgsql as $$
begin
  delete from event_id where website = old.code;
  delete from event where website = old.code;
  delete from history where website = old.code;
  delete from order_standing where website = old.code;
  delete from forgotten_customer where website = old.code;
  return null;
end $$;

create trigger website_is_forgotten after delete on website
for each row execute function forget_website();
