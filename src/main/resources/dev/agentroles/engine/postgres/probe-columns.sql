-- One row is one column of a relation that was sampled. Parameter: 1 = oids of relations.
select a.attrelid as oid, a.attname as name
  from pg_attribute a
 where a.attrelid = any (?) and a.attnum > 0 and not a.attisdropped
 order by a.attrelid, a.attnum
