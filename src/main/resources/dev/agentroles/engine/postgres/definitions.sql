-- One row is one text that decides what a subject can do. The ACL is no part of it: the catalog's witness reads that.
-- Views count that a view reads, too; routines that run as their owner, and those that a view or a policy calls.
-- Parameters: the oids of 1 = what the subject reads, if only some of its columns, 2 = routines, 3 = what it may write to.
with recursive given (readable, routines, writable) as (
    select ?::oid[], ?::oid[], ?::oid[]
), read (oid) as (
    select unnest(readable) from given
  union
    select d.refobjid
      from read r
      join pg_rewrite w on w.ev_class = r.oid and w.ev_type = '1'
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                      and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.oid
), called (oid) as (
    select d.refobjid
      from read r
      join pg_rewrite w on w.ev_class = r.oid and w.ev_type = '1'
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_proc'::regclass
  union
    select d.refobjid
      from read r
      join pg_policy p on p.polrelid = r.oid
      join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
  union
    select p.oid from given join pg_proc p on p.oid = any (routines) and p.prosecdef
)
select 'view ' || n.nspname || '.' || c.relname as identity,
       pg_get_userbyid(c.relowner) || e'\n' || coalesce(array_to_string(c.reloptions, ','), '') || e'\n' || pg_get_viewdef(c.oid) as text
  from read join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('v', 'm')
union all
select 'routine ' || n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
       pg_get_userbyid(p.proowner) || e'\n' || pg_get_functiondef(p.oid)
  from called join pg_proc p using (oid) join pg_namespace n on n.oid = p.pronamespace
 where p.prokind in ('f', 'p', 'w')
union all
select 'row security of ' || n.nspname || '.' || c.relname,
       c.relrowsecurity || ' ' || c.relforcerowsecurity || coalesce((
           select string_agg(format(e'\n%s %s %s %s %s %s', p.polname, p.polcmd, p.polpermissive,
                                    array(select case r when 0 then 'PUBLIC' else pg_get_userbyid(r)::text end from unnest(p.polroles) r order by 1),
                                    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), '' order by p.polname)
             from pg_policy p
             -- The guard's own, for its role alone, says nothing of what agents see.
            where p.polrelid = c.oid
              and not (p.polname = 'agentroles_guard' and cardinality(p.polroles) = 1
                       and coalesce(shobj_description(p.polroles[1], 'pg_authid'), '') ~ '^agentroles environment=\S+ database=\S+ guard$')), '')
  from read join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and (c.relrowsecurity or exists (select from pg_policy p where p.polrelid = c.oid))
union all
select 'rule ' || w.rulename || ' on ' || n.nspname || '.' || c.relname,
       pg_get_userbyid(c.relowner) || ' ' || w.ev_enabled::text || e'\n' || pg_get_ruledef(w.oid)
  from given
  join pg_rewrite w on w.ev_class = any (writable) and w.ev_type <> '1'
  join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace
 order by 1
