-- role_of
-- The role of the token whose SHA-256 is $1; none once it is revoked.
select role, name
  from admin_token
 where hash = $1 and revoked_at is null;

-- create
-- Keep a token: name $1, role $2, SHA-256 $3.
insert into admin_token (name, role, hash)
values ($1, $2, $3)
returning id;

-- replace
-- Keep a token in the place of the one called $1: role $2, SHA-256 $3.
insert into admin_token (name, role, hash)
values ($1, $2, $3)
    on conflict (name) do update
   set role = excluded.role, hash = excluded.hash, created_at = now(),
       revoked_at = null;

-- list
-- Every token, by its name; never the token itself.
select name, role, created_at, revoked_at
  from admin_token
 order by name;

-- revoke
-- Revoke the token called $1, at once and for good.
update admin_token
   set revoked_at = now()
 where name = $1 and revoked_at is null
returning name;

-- secret
-- The secret called $1, which is $2 from now on if there was none.
with made as (
  insert into secret (name, value)
  values ($1, $2)
      on conflict (name) do nothing
  returning value
)
select value from made
 union all
select value from secret where name = $1
 limit 1;

-- kept_secret
-- The secret called $1, if there is one.
select name
  from secret
 where name = $1;
