-- list
-- Segments, by id: $1 looks for a text in key and name, $2 is a website, $3 is active
-- or not; null asks for any. $4 a page, from $5 on; total counts all pages.
select id, version, updated_at, given, count(*) over () as total
  from segment_definition
 where ($1::text is null or strpos(lower(key || ' ' || name), lower($1)) > 0)
   and ($2::text is null or $2 = any (websites))
   and ($3::boolean is null or active = $3)
 order by id
 limit $4 offset $5;

-- find
-- The segment with key $1.
select id, version, updated_at, given
  from segment_definition
 where key = $1;

-- save
-- Add or replace a segment as $1 gives it, an object by column.
insert into segment (key, name, description, websites, active, from_day, to_day,
    applies_to, conditions, include, exclude, segments, keeps_after_login)
select x.key, x.name, x.description, x.websites, x.active, x."from", x."to",
       x.applies_to, x.conditions, coalesce(x.include, '{}'),
       coalesce(x.exclude, '{}'), coalesce(x.segments, '{}'),
       coalesce(x.keeps_after_login, false)
  from jsonb_to_record($1::jsonb)
    as x (key text, name text, description text, websites text[], active boolean,
          "from" date, "to" date, applies_to text, conditions jsonb,
          include jsonb, exclude jsonb, segments text[], keeps_after_login boolean)
    on conflict (key) do update
   set name = excluded.name, description = excluded.description,
       websites = excluded.websites, active = excluded.active,
       from_day = excluded.from_day, to_day = excluded.to_day,
       applies_to = excluded.applies_to, conditions = excluded.conditions,
       include = excluded.include, exclude = excluded.exclude,
       segments = excluded.segments, keeps_after_login = excluded.keeps_after_login,
       version = segment.version + 1, updated_at = now()
returning id, version, updated_at;

-- delete
-- Delete the segment with key $1.
delete from segment
 where key = $1
returning id;

-- uses
-- What refers to segment $1, by subject and key.
select subject, key
  from (select 'dynamic block' as subject, key, id
          from dynamic_block
         where $1 = any (segments)
         union all
        select 'segment', key, id
          from segment
         where $1 = any (segments)
         union all
        select 'cart price rule', key, id
          from cart_price_rule
         where $1 = any (segments)
         union all
        select 'related-product rule', key, id
          from related_product_rule
         where $1 = any (segments)
         union all
        select 'catalogue price rule', key, id
          from catalogue_price_rule
         where $1 = any (segments)) u
 order by subject, id;
