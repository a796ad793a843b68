-- Who follows whom: what changes on a profile is told to those who follow it.
create table follows (
  follower_id bigint      not null references users on delete cascade,
  followed_id bigint      not null references users on delete cascade,
  created_at  timestamptz not null,
  primary key (follower_id, followed_id),
  constraint follows_others check (follower_id <> followed_id)
);

-- How many follow a person, and the cascade from a deleted one.
create index follows_followed on follows (followed_id);
