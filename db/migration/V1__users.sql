-- The users of the monolith: what a person signs up with and shows of themselves.
create table users (
  id            bigint generated always as identity primary key,
  handle        text        not null,
  email         text        not null,
  display_name  text        not null,
  bio           text        not null default '',
  password_hash text        not null,
  administrator boolean     not null default false,
  version       integer     not null default 0,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  constraint users_handle_form check (handle ~ '^[A-Za-z0-9][A-Za-z0-9_-]{1,29}$'),
  constraint users_email_form check (length(email) <= 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint users_display_name_form check (display_name = btrim(display_name) and length(display_name) between 1 and 60),
  constraint users_bio_form check (length(bio) <= 500),
  constraint users_password_hash_form check (password_hash like '{%}%'),
  constraint users_version_form check (version >= 0),
  constraint users_times_form check (updated_at >= created_at)
);

-- One handle and one email for one person, however it is spelled.
create unique index users_handle_key on users (lower(handle));
create unique index users_email_key on users (lower(email));

-- Newest members, and the order of the directory.
create index users_created_at on users (created_at desc, id desc);
create index users_directory on users (lower(display_name), id);
