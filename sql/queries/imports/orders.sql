-- stage
-- Make room for the rows of a file.
create temporary table staged_orders (
  file_line   bigint not null,
  website     text not null,
  order_id    text not null,
  customer_id text,
  email       text,
  created_at  timestamptz not null,
  status      text not null,
  currency    text,
  subtotal    numeric(20, 4) not null,
  discount    numeric(20, 4) not null,
  tax         numeric(20, 4) not null,
  shipping    numeric(20, 4) not null,
  grand_total numeric(20, 4) not null,
  quantity    numeric(20, 4) not null,
  country     text,
  region      text,
  city        text,
  postcode    text
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'order_id' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_orders s
          join (select website, order_id, min(file_line) as file_line
                  from staged_orders
                 group by website, order_id
                having count(*) > 1) t
            on (t.website, t.order_id) = (s.website, s.order_id)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'customer_id', 'unknown', s.customer_id
          from staged_orders s
         where s.customer_id is not null
           and not exists (select from customer c
                            where (c.website, c.customer_id)
                                  = (s.website, s.customer_id))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the orders there.
update staged_orders s
   set customer_id = case when 'customer_id' = any ($1::text[]) then s.customer_id
                          else o.customer_id end,
       email = case when 'email' = any ($1) then s.email else o.email end,
       currency = case when 'currency' = any ($1) then s.currency else o.currency end,
       subtotal = case when 'subtotal' = any ($1) then s.subtotal else o.subtotal end,
       discount = case when 'discount' = any ($1) then s.discount else o.discount end,
       tax = case when 'tax' = any ($1) then s.tax else o.tax end,
       shipping = case when 'shipping' = any ($1) then s.shipping else o.shipping end,
       quantity = case when 'quantity' = any ($1) then s.quantity else o.quantity end,
       country = case when 'country' = any ($1) then s.country else o.country end,
       region = case when 'region' = any ($1) then s.region else o.region end,
       city = case when 'city' = any ($1) then s.city else o.city end,
       postcode = case when 'postcode' = any ($1) then s.postcode else o.postcode end
  from sales_order o
 where (o.website, o.order_id) = (s.website, s.order_id);

-- merge
-- Write the rows that are new or not as they were.
with merged as (
  insert into sales_order (website, order_id, customer_id, email, created_at, status,
      currency, subtotal, discount, tax, shipping, grand_total, quantity, country,
      region, city, postcode)
  select s.website, s.order_id, s.customer_id, s.email, s.created_at, s.status,
         s.currency, s.subtotal, s.discount, s.tax, s.shipping, s.grand_total,
         s.quantity, s.country, s.region, s.city, s.postcode
    from staged_orders s
   where not exists (select from sales_order o
                      where (o.website, o.order_id) = (s.website, s.order_id)
                        and (o.customer_id, o.email, o.created_at, o.status,
                             o.currency, o.subtotal, o.discount, o.tax, o.shipping,
                             o.grand_total, o.quantity, o.country, o.region, o.city,
                             o.postcode)
                            is not distinct from
                            (s.customer_id, s.email, s.created_at, s.status,
                             s.currency, s.subtotal, s.discount, s.tax, s.shipping,
                             s.grand_total, s.quantity, s.country, s.region, s.city,
                             s.postcode))
   order by s.file_line
      on conflict (website, order_id) do update
     set customer_id = excluded.customer_id, email = excluded.email,
         created_at = excluded.created_at, status = excluded.status,
         currency = excluded.currency, subtotal = excluded.subtotal,
         discount = excluded.discount, tax = excluded.tax,
         shipping = excluded.shipping, grand_total = excluded.grand_total,
         quantity = excluded.quantity, country = excluded.country,
         region = excluded.region, city = excluded.city, postcode = excluded.postcode
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
