-- stage
-- Make room for the rows of a file; line is the order line's own number.
create temporary table staged_order_lines (
  file_line bigint not null,
  website   text not null,
  order_id  text not null,
  line      integer not null,
  sku       text not null,
  name      text,
  quantity  numeric(20, 4) not null,
  price     numeric(20, 4) not null,
  row_total numeric(20, 4) not null
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'line' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_order_lines s
          join (select website, order_id, line, min(file_line) as file_line
                  from staged_order_lines
                 group by website, order_id, line
                having count(*) > 1) t
            on (t.website, t.order_id, t.line)
               = (s.website, s.order_id, s.line)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'order_id', 'unknown', s.order_id
          from staged_order_lines s
         where not exists (select from sales_order o
                            where (o.website, o.order_id)
                                  = (s.website, s.order_id))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the lines there.
update staged_order_lines s
   set name = case when 'name' = any ($1::text[]) then s.name else l.name end
  from order_line l
 where (l.website, l.order_id, l.line) = (s.website, s.order_id, s.line);

-- merge
-- Write the rows that are new or not as they were.
with merged as (
  insert into order_line (website, order_id, line, sku, name, quantity, price,
      row_total)
  select s.website, s.order_id, s.line, s.sku, s.name, s.quantity, s.price,
         s.row_total
    from staged_order_lines s
   where not exists (select from order_line l
                      where (l.website, l.order_id, l.line)
                            = (s.website, s.order_id, s.line)
                        and (l.sku, l.name, l.quantity, l.price, l.row_total)
                            is not distinct from
                            (s.sku, s.name, s.quantity, s.price, s.row_total))
   order by s.file_line
      on conflict (website, order_id, line) do update
     set sku = excluded.sku, name = excluded.name, quantity = excluded.quantity,
         price = excluded.price, row_total = excluded.row_total
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
