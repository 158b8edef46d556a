-- heartbeat
-- Whether the server is there to answer.
select 1 as alive;
