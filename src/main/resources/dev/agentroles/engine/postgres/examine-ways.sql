-- One row is one way to a routine that acts with its owner's rights, or is written in an untrusted language, for who does not call
-- it by its name: what the role reads, calls or writes down calls it. USAGE on the routine's schema is not asked for then, and what an
-- aggregate is made of runs by the right of the aggregate's owner: then EXECUTE on the aggregate is the door, else on the routine. What a routine with its owner's rights calls is its own matter.
-- Parameters: 1 = the oids of what the role reads, 2 = the oids of routines that it may call by name, 3 = the names of schemas that it may
-- look into.
with recursive given (relations, routines, schemas) as (
    select ?::oid[], ?::oid[], ?::name[]
), step (topclass, top, class, oid, aggregate) as (
    select 'pg_class'::regclass::oid, c.oid, 'pg_class'::regclass::oid, c.oid, 0::oid
      from given join pg_class c on c.oid = any (given.relations) and c.relkind = 'v'
  union all
    select 'pg_proc'::regclass, p.oid, 'pg_proc'::regclass, p.oid, 0
      from given join pg_proc p on p.oid = any (given.routines) and not p.prosecdef
  union all
    select 'pg_operator'::regclass, o.oid, 'pg_operator'::regclass, o.oid, 0
      from given join pg_namespace n on n.nspname = any (given.schemas) join pg_operator o on o.oprnamespace = n.oid
     where o.oid >= 16384
  union all
    select 'pg_type'::regclass, t.oid, 'pg_type'::regclass, t.oid, 0
      from given join pg_namespace n on n.nspname = any (given.schemas) join pg_type t on t.typnamespace = n.oid
     where t.oid >= 16384 and t.typtype = 'd'
  union all
    select 'pg_cast'::regclass, oid, 'pg_cast'::regclass, oid, 0 from pg_cast where oid >= 16384 and castfunc <> 0
  union
    select s.topclass, s.top, n.class, n.oid, n.aggregate
      from step s cross join lateral (
        select d.refclassid, d.refobjid, case when p.prokind = 'a' then p.oid else 0 end
          from pg_depend d left join pg_proc p on s.class = 'pg_proc'::regclass and p.oid = s.oid
         where d.classid = s.class and d.objid = s.oid and s.class <> 'pg_class'::regclass
           and (d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass)
                -- A row type does not read its relation.
                or d.refclassid = 'pg_class'::regclass and s.class <> 'pg_type'::regclass)
           and not coalesce(p.prosecdef, false)
      union all
        select 'pg_rewrite'::regclass, w.oid, 0
          from pg_rewrite w join pg_class c on c.oid = w.ev_class and c.relkind = 'v'
         where s.class = 'pg_class'::regclass and w.ev_class = s.oid and w.ev_type = '1'
      union all
        select 'pg_constraint'::regclass, k.oid, 0
          from pg_constraint k where s.class = 'pg_type'::regclass and k.contypid = s.oid) n (class, oid, aggregate)
)
select distinct p.oid as routine, case s.aggregate when 0 then p.oid else s.aggregate end as door,
       pg_describe_object(s.topclass, s.top, 0) as through
  from step s
  join pg_proc p on s.class = 'pg_proc'::regclass and p.oid = s.oid
  join pg_language l on l.oid = p.prolang
 where p.oid >= 16384
   and (p.prosecdef
        or not l.lanpltrusted and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'))
 order by 1, 2, 3
