-- Which customers were in which segments when a refresh last looked, and how far
-- refreshes have come.

-- A customer's row has all their segments, in ascending order, and when they joined
-- each: a row for each of both would be fifteen times as many, each with an entry of an
-- index. Who is in none has no row. The id of a segment which was deleted means nothing
-- any more, and goes with the next refresh. A trigger stands in for a foreign key, which
-- would cost a look-up for each row.
create table matched_customer (
  website     text not null,
  customer_id text not null,
  segment_ids bigint[] not null,
  joined_at   timestamptz[] not null,
  primary key (website, customer_id),
  check (cardinality(segment_ids) > 0
         and cardinality(joined_at) = cardinality(segment_ids))
);

-- Who was in a segment and no longer is, each time anew.
create table former_match (
  segment_id  bigint not null references segment on delete cascade,
  website     text not null references website on delete cascade,
  customer_id text not null,
  joined_at   timestamptz not null,
  left_at     timestamptz not null
);

create index former_match_of_segment on former_match (segment_id, website, left_at);
create index former_match_of_customer on former_match (website, customer_id);

-- keys are the segments that were asked for, null all of them. segment_ids and
-- versions are what the run decides: a segment that is saved meanwhile has another
-- version, and a later run of its own. All is decided as of started_at, by the rules of
-- revision.
create table segment_refresh (
  id          bigint generated always as identity primary key,
  website     text not null references website on delete cascade,
  keys        text[],
  segment_ids bigint[] not null,
  versions    integer[] not null,
  revision    bigint not null,
  started_at  timestamptz not null default now(),
  finished_at timestamptz,
  abandoned   boolean not null default false,
  failure     text,
  customers   bigint not null
);

create index segment_refresh_of_website on segment_refresh (website, id);

-- The customers above done_to up to until_id, in the order of their ids: done_to is
-- the last one that was decided. Null is before the first, or after the last.
create table segment_refresh_range (
  refresh_id  bigint not null references segment_refresh on delete cascade,
  number      integer not null,
  until_id    text,
  done_to     text,
  finished    boolean not null default false,
  customers   bigint not null default 0,
  joined      bigint not null default 0,
  departed    bigint not null default 0,
  updated_at  timestamptz not null default now(),
  primary key (refresh_id, number)
);

-- When the customers of a segment were last matched, and with which version of it.
create table segment_match (
  segment_id   bigint not null references segment on delete cascade,
  website      text not null references website on delete cascade,
  version      integer not null,
  refreshed_at timestamptz not null,
  primary key (segment_id, website)
);

create function forget_matches_of_customers() returns trigger language plpgsql as $$
begin
  delete from matched_customer m
   using removed r
   where (m.website, m.customer_id) = (r.website, r.customer_id);
  delete from former_match m
   using removed r
   where (m.website, m.customer_id) = (r.website, r.customer_id);
  return null;
end $$;

create trigger customer_is_removed after delete on customer
referencing old table as removed
for each statement execute function forget_matches_of_customers();
