-- What a person has chosen, one row for each setting: none where nothing was ever chosen.
create table profile_settings (
  id      text   primary key,
  user_id bigint not null references users (id) on delete cascade,
  name    text   not null,
  value   text   not null,
  constraint profile_settings_id_form check (id = user_id || ':' || name),
  constraint profile_settings_name_form check (name ~ '^[a-z][a-z-]{0,29}$'),
  constraint profile_settings_value_form check (length(value) between 1 and 30)
);

-- The cascade from a deleted person.
create index profile_settings_user on profile_settings (user_id);
