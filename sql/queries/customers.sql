-- Limits are spelled so that an index can use them, also in a plan for any parameters.
-- What is copied is text: days are written and read faster as numbers.

-- batch
-- The next $4 customers of website $1 by id, above $2 and up to $3; null is no limit.
select c.customer_id, c.group_id, c.email, c.first_name, c.last_name, c.gender,
       c.date_of_birth - date '2000-01-01',
       (c.created_at at time zone w.timezone)::date - date '2000-01-01',
       c.store_view, c.newsletter, c.store_credit, nullif(c.attributes, '{}'),
       c.version, c.prefix, c.middle_name, c.suffix
  from website w
  join customer c on c.website = w.code
 where w.code = $1
   and c.customer_id > coalesce($2::text, '')
   and c.customer_id <= coalesce($3::text, (select max(customer_id)
                                              from customer
                                             where website = $1))
 order by c.customer_id
 limit $4;

-- orders
-- The orders of website $1 by the customers above $2 and up to $3, each customer's in
-- no order: no condition asks for one.
select customer_id, status,
       (created_at at time zone (select timezone from website where code = $1))::date
       - date '2000-01-01',
       grand_total, quantity, country
  from sales_order
 where website = $1
   and customer_id > coalesce($2::text, '')
   and customer_id <= $3
 order by customer_id;

-- addresses
-- The addresses of website $1 by the customers above $2 and up to $3, each customer's
-- in their order.
select customer_id, first_name, last_name, company, street, city, region, country,
       postcode, telephone, default_billing, default_shipping, prefix, middle_name,
       suffix, region_code, fax, vat_id, nullif(attributes, '{}') as attributes
  from address
 where website = $1
   and customer_id > coalesce($2::text, '')
   and customer_id <= $3
 order by customer_id, address_id;

-- order_addresses
-- The addresses that orders of website $1 by the customers above $2 and up to $3 went
-- to, each of them once.
select distinct customer_id, type, address
  from address_of_orders
 where website = $1
   and customer_id > coalesce($2::text, '')
   and customer_id <= $3
 order by customer_id, type, address;

-- memberships
-- The memberships of audiences of website $1 that the customers above $2 and up to $3
-- have. As JSON an instant is written one way, whatever the server's DateStyle is.
select customer_id, audience, to_json(expires_at) #>> '{}'
  from audience_member
 where website = $1
   and customer_id > coalesce($2::text, '')
   and customer_id <= $3
 order by customer_id, audience;

-- ordered
-- What the customers of website $1 above $2 and up to $3 have ordered, line by line, in
-- the order of their orders.
select o.customer_id, l.sku,
       (o.created_at at time zone w.timezone)::date - date '2000-01-01',
       l.quantity, o.status
  from website w
  join sales_order o on o.website = w.code
  join order_line l on (l.website, l.order_id) = (o.website, o.order_id)
 where w.code = $1
   and o.customer_id > coalesce($2::text, '')
   and o.customer_id <= $3
 order by o.customer_id, o.created_at, o.order_id, l.line;

-- history
-- The histories of the customers of website $1 above $2 and up to $3; others are of who
-- is no customer yet, or never will be.
select c.customer_id, h.history, h.version
  from customer c
  join history h on (h.website, h.owner) = (c.website, c.customer_id)
 where c.website = $1 and h.of_customer
   and c.customer_id > coalesce($2::text, '')
   and c.customer_id <= $3
 order by c.customer_id;

-- wishlist
-- The wishlists of website $1 by the customers above $2 and up to $3, each customer's
-- in its order.
select customer_id, sku
  from wishlist_item
 where website = $1
   and customer_id > coalesce($2::text, '')
   and customer_id <= $3
 order by customer_id, added_at, sku;

-- bounds
-- Every $2-th customer of website $1, by id; each ends a range.
select customer_id
  from (select customer_id, row_number() over (order by customer_id) as place
          from customer
         where website = $1) c
 where place % $2::integer = 0
 order by place;

-- count
-- How many customers website $1 has.
select count(*)
  from customer
 where website = $1;
