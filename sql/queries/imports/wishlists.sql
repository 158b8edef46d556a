-- stage
-- Make room for the rows of a file.
create temporary table staged_wishlists (
  file_line   bigint not null,
  website     text not null,
  customer_id text not null,
  sku         text not null,
  quantity    numeric(20, 4) not null,
  added_at    timestamptz
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'sku' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_wishlists s
          join (select website, customer_id, sku, min(file_line) as file_line
                  from staged_wishlists
                 group by website, customer_id, sku
                having count(*) > 1) t
            on (t.website, t.customer_id, t.sku) = (s.website, s.customer_id, s.sku)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'customer_id', 'unknown', s.customer_id
          from staged_wishlists s
         where not exists (select from customer c
                            where (c.website, c.customer_id)
                                  = (s.website, s.customer_id))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the items there.
update staged_wishlists s
   set quantity = case when 'quantity' = any ($1::text[]) then s.quantity
                       else i.quantity end,
       added_at = case when 'added_at' = any ($1) then s.added_at else i.added_at end
  from wishlist_item i
 where (i.website, i.customer_id, i.sku) = (s.website, s.customer_id, s.sku);

-- merge
-- Write the rows that are new or not as they were.
with merged as (
  insert into wishlist_item (website, customer_id, sku, quantity, added_at)
  select s.website, s.customer_id, s.sku, s.quantity, s.added_at
    from staged_wishlists s
   where not exists (select from wishlist_item i
                      where (i.website, i.customer_id, i.sku)
                            = (s.website, s.customer_id, s.sku)
                        and (i.quantity, i.added_at)
                            is not distinct from (s.quantity, s.added_at))
   order by s.file_line
      on conflict (website, customer_id, sku) do update
     set quantity = excluded.quantity, added_at = excluded.added_at
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
