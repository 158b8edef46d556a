-- stage
-- Make room for the rows of a file.
create temporary table staged_product_links (
  file_line  bigint not null,
  website    text not null,
  sku        text not null,
  type       text not null,
  linked_sku text not null,
  position   integer not null
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'linked_sku' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_product_links s
          join (select website, sku, type, linked_sku, min(file_line) as file_line
                  from staged_product_links
                 group by website, sku, type, linked_sku
                having count(*) > 1) t
            on (t.website, t.sku, t.type, t.linked_sku)
               = (s.website, s.sku, s.type, s.linked_sku)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'sku', 'unknown', s.sku
          from staged_product_links s
         where not exists (select from product p
                            where (p.website, p.sku) = (s.website, s.sku)
                              and not p.removed)
         union all
        select s.file_line, 'linked_sku', 'unknown', s.linked_sku
          from staged_product_links s
         where not exists (select from product p
                            where (p.website, p.sku) = (s.website, s.linked_sku)
                              and not p.removed)) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the links there.
update staged_product_links s
   set position = case when 'position' = any ($1::text[]) then s.position
                       else l.position end
  from product_link l
 where (l.website, l.sku, l.list, l.linked_sku)
       = (s.website, s.sku, s.type, s.linked_sku);

-- lock
-- Hold back other writers of the catalogues concerned until this transaction ends. It
-- is not the website's row that is locked: rules can be saved meanwhile.
select pg_advisory_xact_lock(1667329140, id)
  from website
 where code in (select website from staged_product_links)
 order by id;

-- differing
-- The websites in which some row is new or not as it was.
select distinct s.website
  from staged_product_links s
 where not exists (select from product_link l
                    where (l.website, l.sku, l.list, l.linked_sku, l.position)
                          = (s.website, s.sku, s.type, s.linked_sku, s.position))
 order by s.website;

-- merge
-- Write the rows that are new or not as they were; a product whose links change is at
-- its website's new revision.
with merged as (
  insert into product_link (website, sku, list, linked_sku, position)
  select s.website, s.sku, s.type, s.linked_sku, s.position
    from staged_product_links s
   where not exists (select from product_link l
                      where (l.website, l.sku, l.list, l.linked_sku, l.position)
                            = (s.website, s.sku, s.type, s.linked_sku, s.position))
   order by s.file_line
      on conflict (website, sku, list, linked_sku) do update
     set position = excluded.position
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
