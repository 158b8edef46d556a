-- list
-- Related-product rules, by id: $1 looks for a text in key and name, $2 is a website, $3 is active
-- or not; null asks for any. $4 a page, from $5 on; total counts all pages.
select id, version, updated_at, given, count(*) over () as total
  from related_product_rule_definition
 where ($1::text is null or strpos(lower(key || ' ' || name), lower($1)) > 0)
   and ($2::text is null or $2 = any (websites))
   and ($3::boolean is null or active = $3)
 order by id
 limit $4 offset $5;

-- find
-- The related-product rule with key $1.
select id, version, updated_at, given
  from related_product_rule_definition
 where key = $1;

-- save
-- Add or replace a related-product rule as $1 gives it, an object by column.
insert into related_product_rule (key, name, description, websites, active, list, priority, from_day, to_day,
    result_limit, shown_to, segments, products_to_match, products_to_display)
select x.key, x.name, x.description, x.websites, x.active, x.list, x.priority,
       x."from", x."to", x."limit", x.shown_to, x.segments, x.products_to_match,
       x.products_to_display
  from jsonb_to_record($1::jsonb)
    as x (key text, name text, description text, websites text[], active boolean,
          list text, priority integer, "from" date, "to" date, "limit" integer,
          shown_to text, segments text[], products_to_match jsonb,
          products_to_display jsonb)
    on conflict (key) do update
   set name = excluded.name, description = excluded.description,
       websites = excluded.websites, active = excluded.active, list = excluded.list,
       priority = excluded.priority, from_day = excluded.from_day,
       to_day = excluded.to_day, result_limit = excluded.result_limit,
       shown_to = excluded.shown_to, segments = excluded.segments,
       products_to_match = excluded.products_to_match,
       products_to_display = excluded.products_to_display,
       version = related_product_rule.version + 1, updated_at = now()
returning id, version, updated_at;

-- delete
-- Delete the related-product rule with key $1.
delete from related_product_rule
 where key = $1
returning id;
