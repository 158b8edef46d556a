-- list
-- The store views of website $1, or of all when it is null, in the order of making.
select code, website, name, locale, version
  from store_view
 where $1::text is null or website = $1
 order by id;

-- find
-- The store view with code $1.
select code, website, name, locale, version
  from store_view
 where code = $1;

-- save
-- Add or replace store view $1 of website $2: name $3, locale $4.
insert into store_view (code, website, name, locale)
values ($1, $2, $3, $4)
    on conflict (code) do update
   set name = excluded.name, locale = excluded.locale,
       version = store_view.version + 1
returning code, website, name, locale, version;

-- delete
-- Delete the store view with code $1.
delete from store_view
 where code = $1
returning code;

-- uses
-- What refers to store view $1, by subject and key: what has a text of its own for it,
-- what asks for it in its conditions, and one customer who has it.
select subject, key
  from (select 'dynamic block' as subject, key
          from dynamic_block
         where content_by_store_view ? $1
         union all
        select 'cart price rule', key
          from cart_price_rule
         where label_by_store_view ? $1
         union
        select subject, key
          from definitions_asking('customer.store_view', $1)
         union all
        (select 'customer', customer_id
           from customer
          where store_view = $1
          limit 1)) u
 order by subject, key;
