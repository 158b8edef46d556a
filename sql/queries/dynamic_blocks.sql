-- list
-- Dynamic blocks, by id: $1 looks for a text in key and name, $2 is a website, $3 is active
-- or not; null asks for any. $4 a page, from $5 on; total counts all pages.
select id, version, updated_at, given, count(*) over () as total
  from dynamic_block_definition
 where ($1::text is null or strpos(lower(key || ' ' || name), lower($1)) > 0)
   and ($2::text is null or $2 = any (websites))
   and ($3::boolean is null or active = $3)
 order by id
 limit $4 offset $5;

-- find
-- The dynamic block with key $1.
select id, version, updated_at, given
  from dynamic_block_definition
 where key = $1;

-- save
-- Add or replace a dynamic block as $1 gives it, an object by column.
insert into dynamic_block (key, name, description, websites, active, locations, shown_to, segments,
    cart_price_rules, catalogue_price_rules, position, content, content_by_store_view)
select x.key, x.name, x.description, x.websites, x.active, x.locations, x.shown_to,
       x.segments, x.cart_price_rules, coalesce(x.catalogue_price_rules, '{}'),
       x.position, x.content, x.content_by_store_view
  from jsonb_to_record($1::jsonb)
    as x (key text, name text, description text, websites text[], active boolean,
          locations text[], shown_to text, segments text[], cart_price_rules text[],
          catalogue_price_rules text[], position integer, content text, content_by_store_view jsonb)
    on conflict (key) do update
   set name = excluded.name, description = excluded.description,
       websites = excluded.websites, active = excluded.active,
       locations = excluded.locations, shown_to = excluded.shown_to,
       segments = excluded.segments, cart_price_rules = excluded.cart_price_rules,
       catalogue_price_rules = excluded.catalogue_price_rules,
       position = excluded.position, content = excluded.content,
       content_by_store_view = excluded.content_by_store_view,
       version = dynamic_block.version + 1, updated_at = now()
returning id, version, updated_at;

-- delete
-- Delete the dynamic block with key $1.
delete from dynamic_block
 where key = $1
returning id;
