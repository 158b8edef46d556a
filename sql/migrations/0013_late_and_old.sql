-- What of a visitor arrives after their login, carts that nobody comes back to, and
-- what is told of customers while they are deleted.

create index cart_of_last_change on cart (updated_at);

-- Which customer a visitor's session was joined to, and when it last was. A session is
-- one customer's for good: nobody else gets what belongs to them.
create table joined_session (
  website     text not null,
  session     text not null,
  customer_id text not null,
  joined_at   timestamptz not null,
  primary key (website, session)
);

create index joined_session_of_customer on joined_session (website, customer_id);
create index joined_session_of_joined_at on joined_session (joined_at);

-- Whose a visitor's session has become since an instant. Whoever waited for the row of
-- its history must see who had it until then: a volatile function looks anew, while the
-- statement that calls it sees what was so when it began.
create function customer_of_session(website text, session text, since timestamptz)
returns text language sql volatile as $$
  select j.customer_id
    from joined_session j
   where j.website = $1 and j.session = $2 and j.joined_at >= $3
$$;

create index remembered_segments_of_customer
    on remembered_segments (website, customer_id) where customer_id is not null;

-- Orders that somebody placed as a visitor stay, but say no more who that was.
create or replace function forget_customers() returns trigger language plpgsql as $$
begin
  delete from joined_session j
   using former f
   where (j.website, j.customer_id) = (f.website, f.customer_id);
  delete from remembered_segments r
   using former f
   where (r.website, r.customer_id) = (f.website, f.customer_id);
  delete from history h
   using former f
   where (h.website, h.of_customer, h.owner) = (f.website, true, f.customer_id);
  delete from event e
   using former f
   where (e.website, e.customer_id) = (f.website, f.customer_id);
  delete from event e
   using former f
   where (e.website, e.email) = (f.website, lower(f.email));
  delete from cart c
   using former f
   where (c.website, c.customer_id) = (f.website, f.customer_id);
  delete from order_address a
   using sales_order o
    join former f on (f.website, lower(f.email)) = (o.website, lower(o.email))
   where o.customer_id is null
     and (a.website, a.order_id) = (o.website, o.order_id);
  update sales_order o
     set email = null
    from former f
   where (o.website, lower(o.email)) = (f.website, lower(f.email))
     and o.customer_id is null;
  return null;
end $$;

create or replace function forget_website() returns trigger language plpgsql as $$
begin
  delete from event_id where website = old.code;
  delete from event where website = old.code;
  delete from history where website = old.code;
  delete from joined_session where website = old.code;
  delete from order_standing where website = old.code;
  delete from forgotten_customer where website = old.code;
  return null;
end $$;

-- Hold customers until the transaction ends: whoever is about to delete some, gone, waits
-- for all who are telling of them, and these for it. Who was deleted is looked up once
-- they are held. Several share a lock, so that many take no more than a server has room
-- for; all take them in one order.
create function hold_customers(website text, ids text[], gone text[])
returns table (customer_id text, deleted_at timestamptz) language plpgsql as $$
begin
  perform case when t.is_going then pg_advisory_xact_lock(1667329143, t.place)
               else pg_advisory_xact_lock_shared(1667329143, t.place) end
     from (select hashtext($1 || chr(10) || c.id) & 63 as place,
                  bool_or(c.id = any (gone)) as is_going
             from unnest(ids || gone) as c (id)
            group by place
            order by place) as t;
  return query
  select c.id, f.at
    from unnest(ids || gone) as c (id)
    join forgotten_customer f
      on (f.website, f.digest) = ($1, sha256(convert_to(c.id, 'UTF8')));
end $$;

-- Where it was in the order of customers' ids is nothing that a refresh needs at its end.
update segment_refresh_range p
   set done_to = null, until_id = null
  from segment_refresh r
 where r.id = p.refresh_id and (p.finished or r.abandoned);
