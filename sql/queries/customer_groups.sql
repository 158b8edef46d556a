-- list
-- Every customer group, by id.
select id, name, version
  from customer_group
 order by id;

-- find
-- The customer group with id $1.
select id, name, version
  from customer_group
 where id = $1;

-- save
-- Add or rename customer group $1: its name is $2.
insert into customer_group (id, name)
values ($1, $2)
    on conflict (id) do update
   set name = excluded.name, version = customer_group.version + 1
returning id, name, version;

-- next_id
-- The lowest id above every customer group's.
select coalesce(max(id), -1) + 1 as id
  from customer_group;

-- delete
-- Delete the customer group with id $1.
delete from customer_group
 where id = $1
returning id;

-- uses
-- What refers to customer group $1, also in its conditions, by subject and key; of
-- customers and tier prices, one each.
select subject, key
  from (select 'cart price rule' as subject, key
          from cart_price_rule
         where $1::integer = any (customer_groups)
         union
        select subject, key
          from definitions_asking('customer.group', $1::text)
         union all
        select 'catalogue price rule', key
          from catalogue_price_rule
         where $1 = any (customer_groups)
         union all
        (select 'tier price', sku
          from tier_price
         where group_id = $1
         limit 1)
         union all
        (select 'customer', customer_id
           from customer
          where group_id = $1
          limit 1)) u
 order by subject, key;
