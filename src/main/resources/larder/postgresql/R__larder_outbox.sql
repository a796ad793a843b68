-- The outbox of the caching layer: what committed transactions have changed, until every log of
-- invalidations has had it. Applied again whenever this file changes; needs PostgreSQL 14.

-- One row per changed row, or per table once a transaction has changed very many.
create table if not exists larder_outbox (
  xid    xid8        not null default pg_current_xact_id(),
  tags   text[]      not null default '{}',  -- as text, by triggers; '*' stands for everything
  hashes bigint[]    not null default '{}',  -- as hashes, by the layer
  who    text        not null,
  wakes  boolean     not null default false, -- whether its commit may wake the relays
  at     timestamptz not null default clock_timestamp()
);
create index if not exists larder_outbox_xid on larder_outbox (xid);

-- How far each log has read. A snapshot means something only to the server that took it.
create table if not exists larder_outbox_cursor (
  log      text        primary key,
  system   text        not null,
  timeline bigint      not null,
  snapshot pg_snapshot not null,
  seen     timestamptz not null default clock_timestamp()
);

-- What a transaction has told must not be lost by a crash after others have seen it.
create or replace function larder_outbox_durable() returns void
language plpgsql as $$
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
end $$;

-- Was the last statement of a transaction of the layer, which is plain SQL now.
drop function if exists larder_outbox_tell(bigint[]);

-- What names all rows of a table, and of the table whose name its row tags carry.
create or replace function larder_outbox_all(named text, root text) returns text[]
language sql immutable as $$
  select array(select distinct kind || ':' || t from unnest(array['t', 'a']) kind, unnest(array[named, root]) t)
$$;

-- Row trigger. Arguments: the table, the table whose name its row tags carry, and the column of the
-- id if rows have tags. A transaction that changes more than 100 rows of a table says "all rows"
-- once and no more; what counts them is local to the transaction and rolls back with savepoints.
-- An id column that is gone means "all rows" too: a trigger must never make a write fail. The usual
-- name of the column has a branch of its own, which costs half of what text made into SQL does. The
-- first row that a transaction tells of a table may wake the relays.
create or replace function larder_outbox_row() returns trigger
language plpgsql security definer as $$
declare
  counter constant text := 'larder.rows_' || tg_relid;
  counted constant text := current_setting(counter, true);
  before  constant int := case when counted ~ '^\d{1,6}$' then counted::int else 0 end;
  told    text[];
  was     text;
  id      text;
begin
  if before > 100 or (tg_op = 'UPDATE' and old *= new) then
    return null;
  end if;
  if before < 100 and tg_nargs > 2 then
    begin
      if tg_argv[2] = 'id' then
        if tg_op <> 'INSERT' then was := old.id::text; end if;
        if tg_op <> 'DELETE' then id := new.id::text; end if;
      elsif tg_op = 'INSERT' then
        execute format('select ($1).%I::text', tg_argv[2]) into id using new;
      elsif tg_op = 'DELETE' then
        execute format('select ($1).%I::text', tg_argv[2]) into was using old;
      else
        execute format('select ($1).%1$I::text, ($2).%1$I::text', tg_argv[2])
          into was, id using old, new;
      end if;
    exception when undefined_column then
      null;
    end;
  end if;
  if was is null and id is null then
    perform set_config(counter, '101', true);
    told := larder_outbox_all(tg_argv[0], tg_argv[1]);
  else
    perform set_config(counter, (before + 1)::text, true);
    told := array['t:' || tg_argv[0], 't:' || tg_argv[1] || ':' || coalesce(id, was)];
    if tg_argv[0] <> tg_argv[1] then
      told := told || ('t:' || tg_argv[1]);
    end if;
    if was <> id then
      told := told || ('t:' || tg_argv[1] || ':' || was);
    end if;
  end if;
  insert into larder_outbox (tags, who, wakes) values (told, 'sql', before = 0);
  if before = 0 then
    perform larder_outbox_durable();
  end if;
  return null;
end $$;

-- Statement trigger for TRUNCATE, with the arguments of the row trigger.
create or replace function larder_outbox_truncate() returns trigger
language plpgsql security definer as $$
begin
  insert into larder_outbox (tags, who, wakes)
  values (larder_outbox_all(tg_argv[0], tg_argv[1]), 'sql', true);
  perform larder_outbox_durable();
  return null;
end $$;

-- Wakes the relays at the commit of a transaction that the layer will not tell of itself. Not where
-- transactions can be prepared, since one that notifies cannot; relays look by themselves soon.
-- "alter database ... set larder.wake = 'off'" spares very busy writers the lock that NOTIFY takes.
create or replace function larder_outbox_wake() returns trigger
language plpgsql as $$
begin
  if coalesce(current_setting('larder.layer', true), '') <> 'on'
      and coalesce(current_setting('larder.wake', true), '') <> 'off'
      and current_setting('max_prepared_transactions') = '0' then
    perform pg_notify('larder_outbox', '');
  end if;
  return null;
end $$;

drop trigger if exists larder_outbox_wake on larder_outbox;
create constraint trigger larder_outbox_wake after insert on larder_outbox
  deferrable initially deferred for each row when (new.wakes)
  execute function larder_outbox_wake();
alter table larder_outbox enable always trigger larder_outbox_wake;

-- The functions find these tables and nothing else, whoever writes and whatever their search path.
do $$
declare
  named text;
begin
  foreach named in array array['larder_outbox_row', 'larder_outbox_truncate', 'larder_outbox_wake'] loop
    execute format(
        'alter function %I.%I() set search_path = pg_catalog, %I, pg_temp',
        current_schema(), named, current_schema());
  end loop;
end $$;
