-- stage
-- Make room for the rows of a file.
create temporary table staged_order_addresses (
  file_line   bigint not null,
  website     text not null,
  order_id    text not null,
  type        text not null,
  first_name  text,
  last_name   text,
  prefix      text,
  middle_name text,
  suffix      text,
  company     text,
  street      text,
  city        text,
  region      text,
  region_code text,
  country     text,
  postcode    text,
  telephone   text,
  fax         text,
  vat_id      text,
  attributes  jsonb not null
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'type' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_order_addresses s
          join (select website, order_id, type, min(file_line) as file_line
                  from staged_order_addresses
                 group by website, order_id, type
                having count(*) > 1) t
            on (t.website, t.order_id, t.type) = (s.website, s.order_id, s.type)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'order_id', 'unknown', s.order_id
          from staged_order_addresses s
         where not exists (select from sales_order o
                            where (o.website, o.order_id)
                                  = (s.website, s.order_id))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the addresses there.
update staged_order_addresses s
   set first_name = case when 'first_name' = any ($1::text[]) then s.first_name
                         else a.first_name end,
       last_name = case when 'last_name' = any ($1) then s.last_name
                        else a.last_name end,
       prefix = case when 'prefix' = any ($1) then s.prefix else a.prefix end,
       middle_name = case when 'middle_name' = any ($1) then s.middle_name
                          else a.middle_name end,
       suffix = case when 'suffix' = any ($1) then s.suffix else a.suffix end,
       company = case when 'company' = any ($1) then s.company else a.company end,
       street = case when 'street' = any ($1) then s.street else a.street end,
       city = case when 'city' = any ($1) then s.city else a.city end,
       region = case when 'region' = any ($1) then s.region else a.region end,
       region_code = case when 'region_code' = any ($1) then s.region_code
                          else a.region_code end,
       country = case when 'country' = any ($1) then s.country else a.country end,
       postcode = case when 'postcode' = any ($1) then s.postcode else a.postcode end,
       telephone = case when 'telephone' = any ($1) then s.telephone
                        else a.telephone end,
       fax = case when 'fax' = any ($1) then s.fax else a.fax end,
       vat_id = case when 'vat_id' = any ($1) then s.vat_id else a.vat_id end,
       attributes = case when 'attributes' = any ($1) then s.attributes
                         else a.attributes end
  from order_address a
 where (a.website, a.order_id, a.type) = (s.website, s.order_id, s.type);

-- merge
-- Write the rows that are new or not as they were.
with merged as (
  insert into order_address (website, order_id, type, first_name, last_name, prefix,
      middle_name, suffix, company, street, city, region, region_code, country,
      postcode, telephone, fax, vat_id, attributes)
  select s.website, s.order_id, s.type, s.first_name, s.last_name, s.prefix,
         s.middle_name, s.suffix, s.company, s.street, s.city, s.region, s.region_code,
         s.country, s.postcode, s.telephone, s.fax, s.vat_id, s.attributes
    from staged_order_addresses s
   where not exists (select from order_address a
                      where (a.website, a.order_id, a.type)
                            = (s.website, s.order_id, s.type)
                        and (a.first_name, a.last_name, a.prefix, a.middle_name,
                             a.suffix, a.company, a.street, a.city, a.region,
                             a.region_code, a.country, a.postcode, a.telephone, a.fax,
                             a.vat_id, a.attributes)
                            is not distinct from
                            (s.first_name, s.last_name, s.prefix, s.middle_name,
                             s.suffix, s.company, s.street, s.city, s.region,
                             s.region_code, s.country, s.postcode, s.telephone, s.fax,
                             s.vat_id, s.attributes))
   order by s.file_line
      on conflict (website, order_id, type) do update
     set first_name = excluded.first_name, last_name = excluded.last_name,
         prefix = excluded.prefix, middle_name = excluded.middle_name,
         suffix = excluded.suffix, company = excluded.company,
         street = excluded.street, city = excluded.city, region = excluded.region,
         region_code = excluded.region_code, country = excluded.country,
         postcode = excluded.postcode, telephone = excluded.telephone,
         fax = excluded.fax, vat_id = excluded.vat_id,
         attributes = excluded.attributes
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
