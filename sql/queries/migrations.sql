-- make_record
-- Make the table that records migrations, if it is not there yet.
create table if not exists migration (
  name       text primary key,
  checksum   text not null,
  applied_at timestamptz not null default clock_timestamp()
);

-- has_record
-- Whether the table that records migrations is there.
select to_regclass('migration') is not null as found;

-- applied
-- Every migration that was applied, with the checksum of its file at the time, in order.
select name, checksum
  from migration
 order by name;

-- record
-- Record that the migration named $1, whose file has the checksum $2, is applied.
insert into migration (name, checksum)
values ($1, $2);

-- try_lock
-- Take the lock of whoever migrates, key $1, for the session; false if another has it.
select pg_try_advisory_lock($1) as taken;

-- limit_waiting
-- Let no statement of this transaction wait for a table's lock longer than $1, as '1s'.
select set_config('lock_timeout', $1, true) as lock_timeout;
