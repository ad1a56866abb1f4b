-- One row is one rule that a write of the role sets off: its statements run with the rights of the relation's owner.
-- `alone` is a rule that names no other relation, on one without row security. Parameters: the oids of what the role may 1 = insert into,
-- 2 = update, 3 = delete from.
with given (event, type, relations) as (
    values ('INSERT', '3', ?::oid[]), ('UPDATE', '2', ?), ('DELETE', '4', ?)
), rewrites as materialized (
    -- Narrowed before a rule is written out: that locks its relation, and fails if it is dropped meanwhile.
    select w.oid, w.rulename, w.ev_class, w.ev_qual::text = '<>' as unconditional, g.event
      from pg_rewrite w join given g on g.type = w.ev_type and w.ev_class = any (g.relations)
     where w.ev_enabled <> 'D'
)
select n.nspname as schema, c.relname as name, c.relkind = 'v' as view, w.rulename as rule, w.event,
       pg_get_userbyid(c.relowner) as owner,
       not c.relrowsecurity
       and not exists (select from pg_depend d where d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                         and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid) as alone
  from rewrites w
  join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace
   -- What has no condition and does nothing needs no rights.
 where not (w.unconditional and pg_get_ruledef(w.oid) like '% DO INSTEAD NOTHING;')
 order by 1, 2, 4
