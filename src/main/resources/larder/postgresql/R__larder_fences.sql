-- Which number has written last under each lock, so that an earlier owner of the lock is refused.
-- The row without a name keeps where numbers began last. No cache depends on it, and no trigger of
-- the outbox tells of it. Applied again whenever this file changes.
create table if not exists larder_fences (
  name  text        primary key,
  token bigint      not null,
  at    timestamptz not null default clock_timestamp()
);
