-- lock
-- Give the histories on website $1 of the owners $3, of customers where $2 is true
-- and of visitors' sessions else, and hold them until the transaction ends; whoever
-- has none gets an empty one. With a session comes the customer whose it became since
-- $4, also by a transaction that was waited for.
insert into history (website, of_customer, owner)
select $1, $2, o.owner
  from unnest($3::text[]) as o (owner)
 order by o.owner
    on conflict (website, of_customer, owner) do update
   set owner = excluded.owner
returning owner, history,
          case when not $2 then customer_of_session($1, owner, $4) end as joined_to;

-- save
-- Replace histories that are held, on website $1, of customers where $2 is true, by
-- $3, a list of objects by column.
update history h
   set history = x.history, last_at = x.last_at, version = nextval('history_version')
  from jsonb_to_recordset($3::jsonb)
    as x (owner text, last_at timestamptz, history jsonb)
 where (h.website, h.of_customer, h.owner) = ($1, $2, x.owner);

-- mark
-- Note that the visitor's session $2 on website $1 is customer $3's, who logged in with
-- it at $4; nothing comes back where it is another's.
insert into joined_session as j (website, session, customer_id, joined_at)
values ($1, $2, $3, $4)
    on conflict (website, session) do update
   set joined_at = greatest(j.joined_at, excluded.joined_at)
 where j.customer_id = excluded.customer_id
returning session;

-- take
-- Take away the history on website $1 of the visitor's session $2.
delete from history
 where (website, of_customer, owner) = ($1, false, $2)
returning history;

-- adopt
-- Make the events of the visitor's session $2 on website $1 those of customer $3.
update event
   set customer_id = $3
 where website = $1 and session = $2 and customer_id is null;
