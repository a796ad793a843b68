-- What the database remembers of write-behind. Applied again whenever this file changes.

-- How far each partition of a buffer is written: the last id of each epoch, and one row with an
-- empty epoch, which is locked by who writes the partition.
create table if not exists larder_writebehind_ledger (
  buffer  text        not null,
  part    integer     not null,
  epoch   text        not null,
  last_id text        not null default '0-0',
  applied bigint      not null default 0,
  at      timestamptz not null default now(),
  primary key (buffer, part, epoch)
);

-- What could not be written, until somebody tries it again or discards it.
create table if not exists larder_writebehind_dead (
  id      bigint generated always as identity primary key,
  buffer  text        not null,
  part    integer     not null,
  epoch   text        not null,
  entry   text        not null,
  payload bytea       not null,
  error   text        not null,
  died_at timestamptz not null default now(),
  constraint larder_writebehind_dead_once unique (buffer, part, epoch, entry)
);
