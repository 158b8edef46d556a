-- find_by_email
-- The customers of website $1 with one of the e-mails $2, in small letters; nobody
-- where several have the same.
select lower(email) as email, min(customer_id) as customer_id
  from customer
 where website = $1 and lower(email) = any ($2::text[])
 group by lower(email)
having count(*) = 1
 order by lower(email);

-- hold
-- Which of the customers $2 of website $1 were deleted, and when. Nobody else deletes one
-- of them until the transaction ends, or tells of those in $3, who are to be deleted.
select distinct customer_id, deleted_at
  from hold_customers($1, $2::text[], $3::text[])
 order by customer_id;

-- forget
-- Delete customer $2 of website $1, and whoever has e-mail $3 in small letters, with
-- all that was told of them until $4; what was told later stays.
with noted as (
  insert into forgotten_customer as f (website, digest, at)
  select $1, sha256(convert_to($2::text, 'UTF8')), $4::timestamptz
   where $2 is not null
      on conflict (website, digest) do update
     set at = greatest(f.at, excluded.at)
), gone as (
  delete from customer
   where website = $1 and customer_id = $2 and coalesce(told_at, $4) <= $4
  returning lower(email) as email
), emails as (
  select email from gone where email is not null
   union
  select $3::text where $3 is not null
), without_sessions as (
  delete from joined_session
   where website = $1 and customer_id = $2 and joined_at <= $4
), without_segments as (
  delete from remembered_segments
   where website = $1 and customer_id = $2
), without_history as (
  delete from history
   where (website, of_customer, owner) = ($1, true, $2) and last_at <= $4
), without_events as (
  delete from event
   where website = $1 and at <= $4
     and (customer_id = $2 or email in (select email from emails))
), without_carts as (
  delete from cart
   where website = $1 and customer_id = $2 and updated_at <= $4
), without_addresses as (
  delete from order_address a
   using sales_order o
   where o.website = $1 and o.customer_id is null
     and lower(o.email) in (select email from emails)
     and (a.website, a.order_id) = (o.website, o.order_id)
)
update sales_order
   set email = null
 where website = $1 and customer_id is null
   and lower(email) in (select email from emails);

-- forget_uses
-- Let no reservation of website $1 name customer $2, who is no more.
select forget_uses_of_customers(array[$1], array[$2])
 where not exists (select from customer where website = $1 and customer_id = $2);

-- tell
-- Write what is told of customers of website $1, as $2 gives it, a list of objects by
-- column, unless something later was told; who was written.
insert into customer as c (website, customer_id, email, first_name, last_name, gender,
    date_of_birth, created_at, told_at)
select $1, x.customer_id, x.email, x.first_name, x.last_name, x.gender,
       x.date_of_birth, x.created_at, x.told_at
  from jsonb_to_recordset($2::jsonb)
    as x (customer_id text, email text, first_name text, last_name text, gender text,
          date_of_birth date, created_at timestamptz, told_at timestamptz)
 order by x.customer_id
    on conflict (website, customer_id) do update
   set email = coalesce(excluded.email, c.email),
       first_name = coalesce(excluded.first_name, c.first_name),
       last_name = coalesce(excluded.last_name, c.last_name),
       gender = coalesce(excluded.gender, c.gender),
       date_of_birth = coalesce(excluded.date_of_birth, c.date_of_birth),
       created_at = coalesce(c.created_at, excluded.created_at),
       told_at = excluded.told_at
 where c.told_at is null or c.told_at <= excluded.told_at
returning customer_id;

-- tell_addresses
-- Write addresses that are told of customers of website $1, as $2 gives them, a list
-- of objects by column.
insert into address (website, customer_id, address_id, street, city, region, country,
    postcode, telephone, default_billing, default_shipping)
select $1, x.customer_id, x.address_id, x.street, x.city, x.region, x.country,
       x.postcode, x.telephone, x.default_billing, x.default_shipping
  from jsonb_to_recordset($2::jsonb)
    as x (customer_id text, address_id text, street text, city text, region text,
          country text, postcode text, telephone text, default_billing boolean,
          default_shipping boolean)
 order by x.customer_id, x.address_id
    on conflict (website, customer_id, address_id) do update
   set street = excluded.street, city = excluded.city, region = excluded.region,
       country = excluded.country, postcode = excluded.postcode,
       telephone = excluded.telephone;

-- introduce
-- Make customers of website $1 known who are not, by ids $2 and e-mails $3.
insert into customer (website, customer_id, email)
select $1, x.customer_id, x.email
  from unnest($2::text[], $3::text[]) as x (customer_id, email)
 order by x.customer_id
    on conflict do nothing;

-- stand
-- Note how far orders of website $1 have come, as $2 gives it, a list of objects by
-- column, how much more was given back, and where they were shipped to last; of the
-- statuses $3 the furthest counts. Whoever writes one of these orders is waited for.
insert into order_standing as s (website, order_id, status, refunded, shipped_to,
    shipped_at)
select $1, x.order_id, x.status, x.refunded, nullif(x.shipped_to, 'null'),
       x.shipped_at
  from jsonb_to_recordset($2::jsonb)
    as x (order_id text, status text, refunded numeric, shipped_to jsonb,
          shipped_at timestamptz)
 order by x.order_id
    on conflict (website, order_id) do update
   set status = case when array_position($3::text[], excluded.status)
                          > array_position($3, s.status)
                     then excluded.status else s.status end,
       refunded = s.refunded + excluded.refunded, told_at = now(),
       shipped_to = case when excluded.shipped_at >= coalesce(s.shipped_at, '-infinity')
                         then excluded.shipped_to else s.shipped_to end,
       shipped_at = greatest(s.shipped_at, excluded.shipped_at);

-- place
-- Add orders of website $1 that are not there, as $2 gives them, a list of objects by
-- column, with their lines, as $3 does, and where they are billed and shipped to, $4.
with placed as (
  insert into sales_order (website, order_id, customer_id, email, created_at, status,
      currency, subtotal, discount, tax, shipping, grand_total, quantity, country,
      region, city, postcode)
  select $1, x.order_id, x.customer_id, x.email, x.created_at, x.status, x.currency,
         x.subtotal, x.discount, x.tax, x.shipping, x.grand_total, x.quantity,
         x.country, x.region, x.city, x.postcode
    from jsonb_to_recordset($2::jsonb)
      as x (order_id text, customer_id text, email text, created_at timestamptz,
            status text, currency text, subtotal numeric, discount numeric,
            tax numeric, shipping numeric, grand_total numeric, quantity numeric,
            country text, region text, city text, postcode text)
   order by x.order_id
      on conflict do nothing
  returning order_id
), addressed as (
  insert into order_address (website, order_id, type, street, city, region, country,
      postcode)
  select $1, x.order_id, x.type, x.street, x.city, x.region, x.country, x.postcode
    from jsonb_to_recordset($4::jsonb)
      as x (order_id text, type text, street text, city text, region text,
            country text, postcode text)
    join placed p on p.order_id = x.order_id
)
insert into order_line (website, order_id, line, sku, name, quantity, price, row_total)
select $1, x.order_id, x.line, x.sku, x.name, x.quantity, x.price, x.row_total
  from jsonb_to_recordset($3::jsonb)
    as x (order_id text, line integer, sku text, name text, quantity numeric,
          price numeric, row_total numeric)
  join placed p on p.order_id = x.order_id;

-- settle
-- Bring the orders $2 of website $1 as far as they have come, by the order of the
-- statuses $3; one of which everything was given back is closed. A status that is not
-- among them stays until there is a further one than the first.
update sales_order o
   set status = n.status
  from order_standing s
 cross join lateral (
       select case when s.refunded > 0 and s.refunded >= t.grand_total
                   then 'closed' else s.status end as status
         from sales_order t
        where (t.website, t.order_id) = (s.website, s.order_id)) n
 where s.website = $1 and s.order_id = any ($2::text[])
   and (o.website, o.order_id) = (s.website, s.order_id)
   and array_position($3::text[], n.status)
       > coalesce(array_position($3, o.status), 1);

-- ship
-- Write where the orders $2 of website $1 were shipped to last, as far as they are there
-- to take it: it is then noted with them alone. An order that names nobody, or nobody
-- any more, gets no street.
with told as (
  select s.website, s.order_id, x.*, coalesce(o.customer_id, o.email) as owner
    from order_standing s
    join sales_order o on (o.website, o.order_id) = (s.website, s.order_id)
   cross join jsonb_to_record(s.shipped_to)
      as x (street text, city text, region text, country text, postcode text)
   where s.website = $1 and s.order_id = any ($2::text[]) and s.shipped_to is not null
), moved as (
  update sales_order o
     set country = t.country, region = t.region, city = t.city, postcode = t.postcode
    from told t
   where (o.website, o.order_id) = (t.website, t.order_id)
), addressed as (
  insert into order_address as a (website, order_id, type, street, city, region,
      country, postcode)
  select website, order_id, 'shipping', street, city, region, country, postcode
    from told
   where owner is not null
      on conflict (website, order_id, type) do update
     set street = excluded.street, city = excluded.city, region = excluded.region,
         country = excluded.country, postcode = excluded.postcode
)
update order_standing s
   set shipped_to = null
  from told t
 where (s.website, s.order_id) = (t.website, t.order_id);
