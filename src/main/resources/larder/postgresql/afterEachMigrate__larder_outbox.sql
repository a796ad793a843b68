-- A migration may have changed anything, and has done so in this same transaction: everything that
-- was read before it is condemned. Nothing to tell before the outbox is there.
do $$
begin
  if to_regclass('larder_outbox') is not null then
    insert into larder_outbox (tags, who, wakes) values ('{*}', 'migration', true);
  end if;
end $$;
