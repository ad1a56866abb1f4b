-- One row is one routine of those asked for, unless it can only be fired by a trigger.
-- Parameter: 1 = the oids of routines.
select p.oid, n.nspname as schema, p.proname as name, '(' || oidvectortypes(p.proargtypes) || ')' as signature,
       p.prosecdef as definer, o.rolname as owner, p.proowner as owner_oid,
       o.rolsuper or o.rolbypassrls as owner_powerful,
       coalesce((select s from unnest(p.proconfig) s where s like 'search\_path=%'), '') as search_path,
       l.lanname as language,
       -- What an aggregate and a range type come with is called internal and has no code of its own.
       l.lanpltrusted or p.prokind = 'a'
       or exists (select from pg_depend t where t.classid = 'pg_proc'::regclass and t.objid = p.oid and t.deptype = 'i'
                     and t.refclassid = 'pg_type'::regclass) as trusted,
       coalesce(e.extname, '') as extension
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace
  join pg_roles o on o.oid = p.proowner
  join pg_language l on l.oid = p.prolang
  left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
                       and d.refclassid = 'pg_extension'::regclass
  left join pg_extension e on e.oid = d.refobjid
 where p.oid = any (?) and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
 order by n.nspname, p.proname, 4
