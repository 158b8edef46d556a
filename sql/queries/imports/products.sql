-- stage
-- Make room for the rows of a file.
create temporary table staged_products (
  file_line     bigint not null,
  website       text not null,
  sku           text not null,
  name          text,
  type          text not null,
  attribute_set text,
  price         numeric(20, 4),
  special_price numeric(20, 4),
  special_from  date,
  special_to    date,
  weight        numeric(20, 4),
  categories    text[] not null,
  attributes    jsonb not null,
  saleable      boolean not null,
  visibility    text not null,
  children      text[] not null,
  url_key       text
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'sku' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_products s
          join (select website, sku, min(file_line) as file_line
                  from staged_products
                 group by website, sku
                having count(*) > 1) t on (t.website, t.sku) = (s.website, s.sku)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'children', 'unknown', u.sku
          from staged_products s
         cross join unnest(s.children) as u (sku)
         where not exists (select from product p
                            where (p.website, p.sku) = (s.website, u.sku)
                              and not p.removed)
           and not exists (select from staged_products o
                            where (o.website, o.sku) = (s.website, u.sku))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the products there;
-- one that was removed begins anew.
update staged_products s
   set name = case when 'name' = any ($1::text[]) then s.name else p.name end,
       type = case when 'type' = any ($1) then s.type else p.type end,
       attribute_set = case when 'attribute_set' = any ($1) then s.attribute_set
                            else p.attribute_set end,
       price = case when 'price' = any ($1) then s.price else p.price end,
       special_price = case when 'special_price' = any ($1) then s.special_price
                            else p.special_price end,
       special_from = case when 'special_from' = any ($1) then s.special_from
                           else p.special_from end,
       special_to = case when 'special_to' = any ($1) then s.special_to
                         else p.special_to end,
       weight = case when 'weight' = any ($1) then s.weight else p.weight end,
       categories = case when 'categories' = any ($1) then s.categories
                         else p.categories end,
       attributes = case when 'attributes' = any ($1) then s.attributes
                         else p.attributes end,
       saleable = case when 'saleable' = any ($1) then s.saleable else p.saleable end,
       visibility = case when 'visibility' = any ($1) then s.visibility
                         else p.visibility end,
       children = case when 'children' = any ($1) then s.children else p.children end,
       url_key = case when 'url_key' = any ($1) then s.url_key else p.url_key end
  from product p
 where (p.website, p.sku) = (s.website, s.sku) and not p.removed;

-- lock
-- Hold back other writers of the catalogues concerned until this transaction ends. It
-- is not the website's row that is locked: rules can be saved meanwhile.
select pg_advisory_xact_lock(1667329140, id)
  from website
 where code in (select website from staged_products)
 order by id;

-- differing
-- The websites in which some row is new or not as it was.
select distinct s.website
  from staged_products s
 where not exists (select from product p
                    where (p.website, p.sku) = (s.website, s.sku)
                      and not p.removed
                      and (p.name, p.type, p.attribute_set, p.price, p.special_price,
                           p.special_from, p.special_to, p.weight, p.categories,
                           p.attributes, p.saleable, p.visibility, p.children,
                           p.url_key)
                          is not distinct from
                          (s.name, s.type, s.attribute_set, s.price, s.special_price,
                           s.special_from, s.special_to, s.weight, s.categories,
                           s.attributes, s.saleable, s.visibility, s.children,
                           s.url_key))
 order by s.website;

-- merge
-- Write the rows that are new or not as they were, at the revision their website
-- is about to have.
with merged as (
  insert into product (website, sku, name, type, attribute_set, price, special_price,
      special_from, special_to, weight, categories, attributes, saleable, visibility,
      children, url_key, revision)
  select s.website, s.sku, s.name, s.type, s.attribute_set, s.price, s.special_price,
         s.special_from, s.special_to, s.weight, s.categories, s.attributes,
         s.saleable, s.visibility, s.children, s.url_key, w.catalogue_revision + 1
    from staged_products s
    join website w on w.code = s.website
   where not exists (select from product p
                      where (p.website, p.sku) = (s.website, s.sku)
                        and not p.removed
                        and (p.name, p.type, p.attribute_set, p.price,
                             p.special_price, p.special_from, p.special_to, p.weight,
                             p.categories, p.attributes, p.saleable, p.visibility,
                             p.children, p.url_key)
                            is not distinct from
                            (s.name, s.type, s.attribute_set, s.price,
                             s.special_price, s.special_from, s.special_to, s.weight,
                             s.categories, s.attributes, s.saleable, s.visibility,
                             s.children, s.url_key))
   order by s.file_line
      on conflict (website, sku) do update
     set name = excluded.name, type = excluded.type,
         attribute_set = excluded.attribute_set, price = excluded.price,
         special_price = excluded.special_price, special_from = excluded.special_from,
         special_to = excluded.special_to, weight = excluded.weight,
         categories = excluded.categories, attributes = excluded.attributes,
         saleable = excluded.saleable, visibility = excluded.visibility,
         children = excluded.children, url_key = excluded.url_key, removed = false,
         revision = excluded.revision
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
