-- list
-- Catalogue price rules, by id: $1 looks for a text in key and name, $2 is a website,
-- $3 is active or not; null asks for any. $4 a page, from $5 on; total counts all pages.
select id, version, updated_at, given, count(*) over () as total
  from catalogue_price_rule_definition
 where ($1::text is null or strpos(lower(key || ' ' || name), lower($1)) > 0)
   and ($2::text is null or $2 = any (websites))
   and ($3::boolean is null or active = $3)
 order by id
 limit $4 offset $5;

-- find
-- The catalogue price rule with key $1.
select id, version, updated_at, given
  from catalogue_price_rule_definition
 where key = $1;

-- save
-- Add or replace a catalogue price rule as $1 gives it, an object by column.
insert into catalogue_price_rule (key, name, description, websites, active,
    customer_groups, segments, from_day, to_day, priority, conditions, action, amount,
    discards_subsequent)
select x.key, x.name, x.description, x.websites, x.active, x.customer_groups,
       x.segments, x."from", x."to", x.priority, x.conditions, x.action, x.amount,
       x.discards_subsequent
  from jsonb_to_record($1::jsonb)
    as x (key text, name text, description text, websites text[], active boolean,
          customer_groups integer[], segments text[], "from" date, "to" date,
          priority integer, conditions jsonb, action text, amount numeric,
          discards_subsequent boolean)
    on conflict (key) do update
   set name = excluded.name, description = excluded.description,
       websites = excluded.websites, active = excluded.active,
       customer_groups = excluded.customer_groups, segments = excluded.segments,
       from_day = excluded.from_day, to_day = excluded.to_day,
       priority = excluded.priority, conditions = excluded.conditions,
       action = excluded.action, amount = excluded.amount,
       discards_subsequent = excluded.discards_subsequent,
       version = catalogue_price_rule.version + 1, updated_at = now()
returning id, version, updated_at;

-- delete
-- Delete the catalogue price rule with key $1.
delete from catalogue_price_rule
 where key = $1
returning id;

-- uses
-- What refers to catalogue price rule $1, by subject and key.
select 'dynamic block' as subject, key
  from dynamic_block
 where $1 = any (catalogue_price_rules)
 order by id;
