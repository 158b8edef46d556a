-- list
-- Every website, in the order of their making.
select code, name, timezone, currency, trim_scale(most_discount) as most_discount,
       version
  from website
 order by id;

-- find
-- The website with code $1.
select code, name, timezone, currency, trim_scale(most_discount) as most_discount,
       version
  from website
 where code = $1;

-- save
-- Add or replace website $1: name $2, time zone $3, currency $4, and the most that all
-- rules take off a cart, $5.
insert into website (code, name, timezone, currency, most_discount)
values ($1, $2, $3, $4, $5)
    on conflict (code) do update
   set name = excluded.name, timezone = excluded.timezone,
       currency = excluded.currency, most_discount = excluded.most_discount,
       version = website.version + 1
returning code, name, timezone, currency, trim_scale(most_discount) as most_discount,
          version;

-- delete
-- Delete the website with code $1.
delete from website
 where code = $1
returning code;

-- uses
-- What belongs to website $1, by subject and key; of what comes in masses, one each.
select subject, key
  from (select 1 as rank, 'store view' as subject, code as key
          from store_view where website = $1
         union all
        select 2, 'segment', key from segment where $1 = any (websites)
         union all
        select 3, 'dynamic block', key from dynamic_block where $1 = any (websites)
         union all
        select 4, 'cart price rule', key from cart_price_rule where $1 = any (websites)
         union all
        select 5, 'related-product rule', key
          from related_product_rule where $1 = any (websites)
         union all
        select 6, 'catalogue price rule', key
          from catalogue_price_rule where $1 = any (websites)
         union all
        (select 7, 'customer', customer_id from customer where website = $1 limit 1)
         union all
        (select 8, 'product', sku from product where website = $1 limit 1)
         union all
        (select 9, 'order', order_id from sales_order where website = $1 limit 1)
         union all
        -- A cart's masked id opens it, and is told to nobody.
        (select 10, 'cart', 'of a shopper' from cart where website = $1 limit 1)) u
 order by rank, key;

-- hold
-- Hold back whoever adds something to website $1, until this transaction ends.
select code from website where code = $1 for update;

-- amounts
-- What has amounts in the currency of website $1, or may ask for some, by subject and
-- key; of what comes in masses, one each.
select subject, key
  from (select 1 as rank, 'segment' as subject, key
          from segment
         where $1 = any (websites) and conditions is not null
         union all
        select 2, 'cart price rule', key from cart_price_rule where $1 = any (websites)
         union all
        select 3, 'related-product rule', key
          from related_product_rule
         where $1 = any (websites)
           and (products_to_match is not null or products_to_display is not null)
         union all
        select 4, 'catalogue price rule', key
          from catalogue_price_rule where $1 = any (websites)
         union all
        (select 5, 'customer', 'with store credit'
           from customer where website = $1 and store_credit <> 0 limit 1)
         union all
        (select 6, 'product', sku
           from product
          where website = $1 and not removed
            and (price is not null or special_price is not null)
          order by sku limit 1)
         union all
        (select 7, 'tier price', 'of ' || sku
           from tier_price where website = $1 order by sku limit 1)
         union all
        (select 8, 'order', order_id
           from sales_order where website = $1 order by order_id limit 1)
         union all
        -- A cart's masked id opens it, and is told to nobody.
        (select 9, 'cart', 'of a shopper' from cart where website = $1 limit 1)) u
 order by rank, key;

-- lock_definitions
-- Hold back every other writer of definitions until this transaction ends, so that
-- what a check has seen is still so when it is saved.
select pg_advisory_xact_lock(7205759403792793600);
