-- Every file of this folder imports one table. stage makes room for a file's rows until
-- the transaction ends, faults names the rows that cannot be merged (the column, what
-- is wrong with it, and the other side of it), keep fills in what the file has no
-- column for, lock holds back other writers, differing tells whether there is anything
-- to merge, and merge writes the rows that are new or not as they were, and counts them.

-- stage
-- Make room for the rows of a file.
create temporary table staged_addresses (
  file_line        bigint not null,
  website          text not null,
  customer_id      text not null,
  address_id       text not null,
  first_name       text,
  last_name        text,
  prefix           text,
  middle_name      text,
  suffix           text,
  company          text,
  street           text,
  city             text,
  region           text,
  region_code      text,
  country          text,
  postcode         text,
  telephone        text,
  fax              text,
  vat_id           text,
  attributes       jsonb not null,
  default_billing  boolean not null,
  default_shipping boolean not null
) on commit drop;

-- faults
-- Rows that cannot be merged, at most $1, by line.
select file_line, "column", fault, value
  from (select s.file_line, 'address_id' as "column", 'twice' as fault,
               t.file_line::text as value
          from staged_addresses s
          join (select website, customer_id, address_id, min(file_line) as file_line
                  from staged_addresses
                 group by website, customer_id, address_id
                having count(*) > 1) t
            on (t.website, t.customer_id, t.address_id)
               = (s.website, s.customer_id, s.address_id)
         where s.file_line > t.file_line
         union all
        select s.file_line, 'customer_id', 'unknown', s.customer_id
          from staged_addresses s
         where not exists (select from customer c
                            where (c.website, c.customer_id)
                                  = (s.website, s.customer_id))) f
 order by file_line, "column"
 limit $1;

-- keep
-- Take what the file has no column for ($1 are those it has) from the addresses there.
update staged_addresses s
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
                         else a.attributes end,
       default_billing = case when 'default_billing' = any ($1) then s.default_billing
                              else a.default_billing end,
       default_shipping = case when 'default_shipping' = any ($1)
                               then s.default_shipping else a.default_shipping end
  from address a
 where (a.website, a.customer_id, a.address_id)
       = (s.website, s.customer_id, s.address_id);

-- merge
-- Write the rows that are new or not as they were.
with merged as (
  insert into address (website, customer_id, address_id, first_name, last_name, prefix,
      middle_name, suffix, company, street, city, region, region_code, country,
      postcode, telephone, fax, vat_id, attributes, default_billing, default_shipping)
  select s.website, s.customer_id, s.address_id, s.first_name, s.last_name, s.prefix,
         s.middle_name, s.suffix, s.company, s.street, s.city, s.region, s.region_code,
         s.country, s.postcode, s.telephone, s.fax, s.vat_id, s.attributes,
         s.default_billing, s.default_shipping
    from staged_addresses s
   where not exists (select from address a
                      where (a.website, a.customer_id, a.address_id)
                            = (s.website, s.customer_id, s.address_id)
                        and (a.first_name, a.last_name, a.prefix, a.middle_name,
                             a.suffix, a.company, a.street, a.city, a.region,
                             a.region_code, a.country, a.postcode, a.telephone, a.fax,
                             a.vat_id, a.attributes, a.default_billing,
                             a.default_shipping)
                            is not distinct from
                            (s.first_name, s.last_name, s.prefix, s.middle_name,
                             s.suffix, s.company, s.street, s.city, s.region,
                             s.region_code, s.country, s.postcode, s.telephone, s.fax,
                             s.vat_id, s.attributes, s.default_billing,
                             s.default_shipping))
   order by s.file_line
      on conflict (website, customer_id, address_id) do update
     set first_name = excluded.first_name, last_name = excluded.last_name,
         prefix = excluded.prefix, middle_name = excluded.middle_name,
         suffix = excluded.suffix, company = excluded.company,
         street = excluded.street, city = excluded.city, region = excluded.region,
         region_code = excluded.region_code, country = excluded.country,
         postcode = excluded.postcode, telephone = excluded.telephone,
         fax = excluded.fax, vat_id = excluded.vat_id,
         attributes = excluded.attributes,
         default_billing = excluded.default_billing,
         default_shipping = excluded.default_shipping
  returning xmax = 0 as added
)
select count(*) filter (where added) as added,
       count(*) filter (where not added) as changed
  from merged;
