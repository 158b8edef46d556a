-- Websites and what they know of shoppers, products and carts.
--
-- Three counters tell a worker that something it holds is out of date; triggers
-- raise them, so that a row written by hand counts like any other:
--   website.revision            rules, segments, blocks (0002) and the website itself
--   website.catalogue_revision  products and their links; writers raise it first, and
--                               the row lock puts them in order (see product.revision)
--   customer.version            all that is known of one customer; never the same
--                               twice, not even of one who is deleted and comes back

create table website (
  id                 integer generated always as identity unique,
  code               text primary key check (code ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name               text not null,
  timezone           text not null,
  currency           text not null check (currency ~ '^[A-Z]{3}$'),
  revision           bigint not null default 1,
  catalogue_revision bigint not null default 1,
  version            integer not null default 1
);

create table store_view (
  id      integer generated always as identity unique,
  code    text primary key check (code ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  website text not null references website,
  name    text not null,
  locale  text not null,
  version integer not null default 1
);

create index store_view_of_website on store_view (website);

create table customer_group (
  id      integer primary key check (id >= 0),
  name    text not null unique check (length(name) between 1 and 32),
  version integer not null default 1
);

insert into customer_group (id, name)
values (0, 'NOT LOGGED IN'), (1, 'General'), (2, 'Wholesale'), (3, 'Retailer');

-- A shop's own attributes, beside those that every shop has.
create table attribute_declaration (
  entity text not null check (entity in ('product', 'customer', 'address')),
  code   text not null check (code ~ '^[a-z][a-z0-9_]{0,59}$'),
  kind   text not null check (kind in ('text', 'number', 'date', 'boolean', 'select',
                                       'multiselect')),
  label  text not null default '',
  primary key (entity, code)
);

-- Shoppers ------------------------------------------------------------------------

create sequence customer_version;

create table customer (
  website       text not null references website,
  customer_id   text not null,
  email         text,
  first_name    text,
  last_name     text,
  group_id      integer not null default 1 references customer_group,
  gender        text,
  date_of_birth date,
  created_at    timestamptz,
  store_view    text,
  newsletter    boolean not null default false,
  store_credit  numeric(20, 4) not null default 0,
  attributes    jsonb not null default '{}',
  version       bigint not null default nextval('customer_version'),
  primary key (website, customer_id)
);

create index customer_of_group on customer (group_id);

create table address (
  website          text not null,
  customer_id      text not null,
  address_id       text not null,
  first_name       text,
  last_name        text,
  company          text,
  street           text,
  city             text,
  region           text,
  country          text,
  postcode         text,
  telephone        text,
  default_billing  boolean not null default false,
  default_shipping boolean not null default false,
  primary key (website, customer_id, address_id),
  foreign key (website, customer_id) references customer on delete cascade
);

-- An order without customer_id is a visitor's.
create table sales_order (
  website     text not null references website,
  order_id    text not null,
  customer_id text,
  email       text,
  created_at  timestamptz not null,
  status      text not null,
  currency    text,
  subtotal    numeric(20, 4) not null default 0,
  discount    numeric(20, 4) not null default 0,
  tax         numeric(20, 4) not null default 0,
  shipping    numeric(20, 4) not null default 0,
  grand_total numeric(20, 4) not null,
  quantity    numeric(20, 4) not null default 0,
  country     text,
  region      text,
  city        text,
  postcode    text,
  primary key (website, order_id),
  foreign key (website, customer_id) references customer on delete cascade
);

create index sales_order_of_customer on sales_order (website, customer_id);

create table order_line (
  website   text not null,
  order_id  text not null,
  line      integer not null,
  sku       text not null,
  name      text,
  quantity  numeric(20, 4) not null,
  price     numeric(20, 4) not null,
  row_total numeric(20, 4) not null,
  primary key (website, order_id, line),
  foreign key (website, order_id) references sales_order on delete cascade
);

create table wishlist_item (
  website     text not null,
  customer_id text not null,
  sku         text not null,
  quantity    numeric(20, 4) not null default 1,
  added_at    timestamptz,
  primary key (website, customer_id, sku),
  foreign key (website, customer_id) references customer on delete cascade
);

-- Every change of a customer's row gives it a new version, also an empty one: that is
-- how the tables around it do so.
create function raise_customer_version() returns trigger language plpgsql as $$
begin
  new.version := nextval('customer_version');
  return new;
end $$;

create trigger customer_is_changed before update on customer
for each row execute function raise_customer_version();

create function touch_customers() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    update customer c
       set version = c.version
      from (select website, customer_id from changed
             union
            select website, customer_id from former) t
     where (c.website, c.customer_id) = (t.website, t.customer_id);
  else
    update customer c
       set version = c.version
      from (select distinct website, customer_id from changed) t
     where (c.website, c.customer_id) = (t.website, t.customer_id);
  end if;
  return null;
end $$;

do $$
declare
  owned text;
begin
  foreach owned in array array['address', 'sales_order', 'wishlist_item'] loop
    execute format('create trigger %1$s_is_added after insert on %1$s
                    referencing new table as changed
                    for each statement execute function touch_customers()', owned);
    execute format('create trigger %1$s_is_changed after update on %1$s
                    referencing new table as changed old table as former
                    for each statement execute function touch_customers()', owned);
    execute format('create trigger %1$s_is_removed after delete on %1$s
                    referencing old table as changed
                    for each statement execute function touch_customers()', owned);
  end loop;
end $$;

-- Products --------------------------------------------------------------------------

-- revision is the catalogue revision at which the row last changed: a worker asks
-- for the rows above the one it holds. A product which is gone stays as removed.
create table product (
  id            bigint generated always as identity unique,
  website       text not null references website,
  sku           text not null,
  name          text,
  type          text not null default 'simple'
                check (type in ('simple', 'configurable', 'virtual', 'downloadable',
                                'bundle', 'grouped')),
  attribute_set text,
  price         numeric(20, 4),
  special_price numeric(20, 4),
  special_from  date,
  special_to    date,
  weight        numeric(20, 4),
  categories    text[] not null default '{}',
  attributes    jsonb not null default '{}',
  saleable      boolean not null default true,
  visibility    text not null default 'catalog_search'
                check (visibility in ('catalog_search', 'catalog', 'search',
                                      'not_visible')),
  children      text[] not null default '{}',
  url_key       text,
  removed       boolean not null default false,
  revision      bigint not null,
  primary key (website, sku)
);

create index product_of_revision on product (website, revision);

create table product_link (
  website    text not null,
  sku        text not null,
  list       text not null check (list in ('related', 'upsell', 'crosssell')),
  linked_sku text not null,
  position   integer not null default 0,
  primary key (website, sku, list, linked_sku),
  foreign key (website, sku) references product on delete cascade
);

-- Carts -----------------------------------------------------------------------------

-- The mirror of a cart that the commerce backend owns, under a masked id. items is a
-- list of {sku, quantity, price, parent_sku}; price is there only when a server
-- stated it, and the catalogue's price counts otherwise.
create table cart (
  id              text primary key check (length(id) >= 22),
  website         text not null references website,
  store_view      text,
  customer_id     text,
  items           jsonb not null default '[]',
  coupon_codes    text[] not null default '{}',
  shipping_method text,
  shipping_amount numeric(20, 4) not null default 0,
  tax             numeric(20, 4) not null default 0,
  payment_method  text,
  address         jsonb not null default '{}',
  version         bigint not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);

create index cart_of_customer on cart (website, customer_id)
 where customer_id is not null;

-- Keys of the house -----------------------------------------------------------------

-- A token is kept as the SHA-256 of its text.
create table admin_token (
  id         integer generated always as identity primary key,
  name       text not null unique check (length(name) between 1 and 255),
  role       text not null check (role in ('viewer', 'editor', 'admin', 'server')),
  hash       bytea not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

create table secret (
  name       text primary key,
  value      bytea not null,
  created_at timestamptz not null default now()
);
