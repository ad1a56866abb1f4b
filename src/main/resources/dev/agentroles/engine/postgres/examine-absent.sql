-- One row is one of the names that no role has.
-- Parameter: 1 = names.
select wanted.name
  from unnest(?::text[]) as wanted (name)
 where not exists (select from pg_roles r where r.rolname = wanted.name)
