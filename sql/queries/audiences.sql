-- list
-- Audiences, by id: $1 looks for a text in key and name, $2 is a website; null asks for
-- any, and $3 for nothing else. $4 a page, from $5 on; total counts all pages.
select id, version, updated_at, given, count(*) over () as total
  from audience_definition
 where ($1::text is null or strpos(lower(key || ' ' || name), lower($1)) > 0)
   and ($2::text is null or $2 = any (websites))
   and ($3::boolean is null or $3)
 order by id
 limit $4 offset $5;

-- find
-- The audience with key $1.
select id, version, updated_at, given
  from audience_definition
 where key = $1;

-- save
-- Add or replace an audience as $1 gives it, an object by column.
insert into audience (key, name, description, source, websites, ttl_seconds)
select x.key, x.name, x.description, x.source, x.websites, x.ttl_seconds
  from jsonb_to_record($1::jsonb)
    as x (key text, name text, description text, source text, websites text[],
          ttl_seconds bigint)
    on conflict (key) do update
   set name = excluded.name, description = excluded.description,
       source = excluded.source, websites = excluded.websites,
       ttl_seconds = excluded.ttl_seconds,
       version = audience.version + 1, updated_at = now()
returning id, version, updated_at;

-- delete
-- Delete the audience with key $1, and whoever is in it.
delete from audience
 where key = $1
returning id;

-- uses
-- What asks for audience $1 in its conditions, by subject and key; a text of several
-- keys is split as conditions split it.
select subject, key
  from (select 'segment' as subject, key, id, conditions
          from segment
         union all
        select 'cart price rule', key, id, conditions
          from cart_price_rule) u
 where exists (select
                 from jsonb_path_query(
                        conditions,
                        '$.** ? (@.attribute == "customer.audience").value[*]') v,
                      regexp_split_to_table(v #>> '{}', '[,;]') one
                where btrim(one) = $1)
 order by subject, id;
