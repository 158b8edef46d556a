-- stage
-- Make room for the rows of a file.
create temporary table staged_tier_prices (
  file_line bigint not null,
  website   text not null,
  sku       text not null,
  group_id  integer,
  quantity  numeric(20, 4) not null,
  type      text not null,
  amount    numeric(20, 4) not null
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'quantity' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_tier_prices s
          join (select website, sku, coalesce(group_id, -1) as group_id, quantity,
                       min(file_line) as file_line
                  from staged_tier_prices
                 group by website, sku, coalesce(group_id, -1), quantity
                having count(*) > 1) t
            on (t.website, t.sku, t.group_id, t.quantity)
               = (s.website, s.sku, coalesce(s.group_id, -1), s.quantity)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'sku', 'unknown', s.sku
          from staged_tier_prices s
         where not exists (select from product p
                            where (p.website, p.sku) = (s.website, s.sku)
                              and not p.removed)
         union all
        select s.file_line, 'group_id', 'unknown', s.group_id::text
          from staged_tier_prices s
         where s.group_id is not null
           and not exists (select from customer_group g where g.id = s.group_id)) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the prices there.
update staged_tier_prices s
   set type = case when 'type' = any ($1::text[]) then s.type else t.type end
  from tier_price t
 where (t.website, t.sku, coalesce(t.group_id, -1), t.quantity)
       = (s.website, s.sku, coalesce(s.group_id, -1), s.quantity);

-- lock
-- Hold back other writers of the catalogues concerned until this transaction ends. It
-- is not the website's row that is locked: rules can be saved meanwhile.
select pg_advisory_xact_lock(1667329140, id)
  from website
 where code in (select website from staged_tier_prices)
 order by id;

-- differing
-- The websites in which some row is new or not as it was.
select distinct s.website
  from staged_tier_prices s
 where not exists (select from tier_price t
                    where (t.website, t.sku, coalesce(t.group_id, -1), t.quantity,
                           t.type, t.amount)
                          = (s.website, s.sku, coalesce(s.group_id, -1), s.quantity,
                             s.type, s.amount))
 order by s.website;

-- merge
-- Write the rows that are new or not as they were; their products have changed, at
-- the revision their website is about to have.
with merged as (
  insert into tier_price (website, sku, group_id, quantity, type, amount)
  select s.website, s.sku, s.group_id, s.quantity, s.type, s.amount
    from staged_tier_prices s
   where not exists (select from tier_price t
                      where (t.website, t.sku, coalesce(t.group_id, -1), t.quantity,
                             t.type, t.amount)
                            = (s.website, s.sku, coalesce(s.group_id, -1), s.quantity,
                               s.type, s.amount))
   order by s.file_line
      on conflict (website, sku, (coalesce(group_id, -1)), quantity) do update
     set type = excluded.type, amount = excluded.amount
  returning website, sku, xmax = 0 as added
), raised as (
  update product p
     set revision = w.catalogue_revision + 1
    from (select distinct website, sku from merged) m
    join website w on w.code = m.website
   where (p.website, p.sku) = (m.website, m.sku)
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
