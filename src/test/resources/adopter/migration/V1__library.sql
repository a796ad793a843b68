create table author (
  id bigint primary key,
  name varchar not null
);

create table book (
  id bigint primary key,
  title varchar not null,
  author_id bigint references author on delete cascade
);
