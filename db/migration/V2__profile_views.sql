-- How often profiles are looked at, by day: written in batches, some time after the looks.
create table profile_views (
  user_id bigint not null references users (id) on delete cascade,
  day     date   not null,
  views   bigint not null,
  primary key (user_id, day),
  constraint profile_views_views_form check (views > 0)
);
