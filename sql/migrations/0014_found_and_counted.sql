-- What an order had is found after it was given back, too.

create index coupon_reservation_of_any_order
    on coupon_reservation (website, order_id, id) where order_id is not null;

-- The codes that were tried in the window, as keyed hashes, by whoever tries them:
-- the same code again is no other try.
alter table coupon_try add column codes text[] not null default '{}';

-- How many customers joined a segment at a moment and are in it still, in parts that
-- are to be added up: one for every statement that put customers into segments or took
-- them out, until they are put together. Whoever writes waits for nobody else who does,
-- and the sum is always what the customers say.
create table segment_size (
  website    text not null,
  segment_id bigint not null,
  joined_at  timestamptz not null,
  customers  bigint not null
);

create index segment_size_of_segment on segment_size (website, segment_id);

create function count_matched_customers() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into segment_size (website, segment_id, joined_at, customers)
    select website, id, at, count(*)
      from (select website, unnest(segment_ids) as id, unnest(joined_at) as at
              from added) a
     group by website, id, at;
  elsif tg_op = 'DELETE' then
    insert into segment_size (website, segment_id, joined_at, customers)
    select website, id, at, -count(*)
      from (select website, unnest(segment_ids) as id, unnest(joined_at) as at
              from removed) r
     group by website, id, at;
  else
    insert into segment_size (website, segment_id, joined_at, customers)
    select website, id, at, sum(n)
      from (select website, unnest(segment_ids) as id, unnest(joined_at) as at, 1 as n
              from added
             union all
            select website, unnest(segment_ids), unnest(joined_at), -1
              from removed) c
     group by website, id, at
    having sum(n) <> 0;
  end if;
  return null;
end $$;

create trigger matched_customer_is_added after insert on matched_customer
referencing new table as added
for each statement execute function count_matched_customers();

create trigger matched_customer_is_changed after update on matched_customer
referencing old table as removed new table as added
for each statement execute function count_matched_customers();

create trigger matched_customer_is_removed after delete on matched_customer
referencing old table as removed
for each statement execute function count_matched_customers();

-- The triggers keep writers out until all of this is there.
insert into segment_size (website, segment_id, joined_at, customers)
select website, id, at, count(*)
  from (select website, unnest(segment_ids) as id, unnest(joined_at) as at
          from matched_customer) m
 group by website, id, at;
