-- stage
-- Make room for the rows of a file.
create temporary table staged_customers (
  file_line     bigint not null,
  website       text not null,
  customer_id   text not null,
  email         text,
  first_name    text,
  last_name     text,
  prefix        text,
  middle_name   text,
  suffix        text,
  group_id      integer not null,
  gender        text,
  date_of_birth date,
  created_at    timestamptz,
  store_view    text,
  newsletter    boolean not null,
  store_credit  numeric(20, 4) not null,
  attributes    jsonb not null
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'customer_id' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_customers s
          join (select website, customer_id, min(file_line) as file_line
                  from staged_customers
                 group by website, customer_id
                having count(*) > 1) t
            on (t.website, t.customer_id) = (s.website, s.customer_id)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'group_id', 'unknown', s.group_id::text
          from staged_customers s
         where not exists (select from customer_group g where g.id = s.group_id)
         union all
        select s.file_line, 'store_view', 'unknown', s.store_view
          from staged_customers s
         where s.store_view is not null
           and not exists (select from store_view v
                            where (v.website, v.code) = (s.website, s.store_view))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the customers there.
update staged_customers s
   set email = case when 'email' = any ($1::text[]) then s.email else c.email end,
       first_name = case when 'first_name' = any ($1) then s.first_name
                         else c.first_name end,
       last_name = case when 'last_name' = any ($1) then s.last_name
                        else c.last_name end,
       prefix = case when 'prefix' = any ($1) then s.prefix else c.prefix end,
       middle_name = case when 'middle_name' = any ($1) then s.middle_name
                          else c.middle_name end,
       suffix = case when 'suffix' = any ($1) then s.suffix else c.suffix end,
       group_id = case when 'group_id' = any ($1) then s.group_id else c.group_id end,
       gender = case when 'gender' = any ($1) then s.gender else c.gender end,
       date_of_birth = case when 'date_of_birth' = any ($1) then s.date_of_birth
                            else c.date_of_birth end,
       created_at = case when 'created_at' = any ($1) then s.created_at
                         else c.created_at end,
       store_view = case when 'store_view' = any ($1) then s.store_view
                         else c.store_view end,
       newsletter = case when 'newsletter' = any ($1) then s.newsletter
                         else c.newsletter end,
       store_credit = case when 'store_credit' = any ($1) then s.store_credit
                           else c.store_credit end,
       attributes = case when 'attributes' = any ($1) then s.attributes
                         else c.attributes end
  from customer c
 where (c.website, c.customer_id) = (s.website, s.customer_id);

-- merge
-- Write the rows that are new or not as they were.
with merged as (
  insert into customer (website, customer_id, email, first_name, last_name, prefix,
      middle_name, suffix, group_id, gender, date_of_birth, created_at, store_view,
      newsletter, store_credit, attributes)
  select s.website, s.customer_id, s.email, s.first_name, s.last_name, s.prefix,
         s.middle_name, s.suffix, s.group_id, s.gender, s.date_of_birth, s.created_at,
         s.store_view, s.newsletter, s.store_credit, s.attributes
    from staged_customers s
   where not exists (select from customer c
                      where (c.website, c.customer_id) = (s.website, s.customer_id)
                        and (c.email, c.first_name, c.last_name, c.prefix,
                             c.middle_name, c.suffix, c.group_id, c.gender,
                             c.date_of_birth, c.created_at, c.store_view,
                             c.newsletter, c.store_credit, c.attributes)
                            is not distinct from
                            (s.email, s.first_name, s.last_name, s.prefix,
                             s.middle_name, s.suffix, s.group_id, s.gender,
                             s.date_of_birth, s.created_at, s.store_view,
                             s.newsletter, s.store_credit, s.attributes))
   order by s.file_line
      on conflict (website, customer_id) do update
     set email = excluded.email, first_name = excluded.first_name,
         last_name = excluded.last_name, prefix = excluded.prefix,
         middle_name = excluded.middle_name, suffix = excluded.suffix,
         group_id = excluded.group_id,
         gender = excluded.gender, date_of_birth = excluded.date_of_birth,
         created_at = excluded.created_at, store_view = excluded.store_view,
         newsletter = excluded.newsletter, store_credit = excluded.store_credit,
         attributes = excluded.attributes
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
