-- One row is one line of pg_hba.conf that lets somebody in without any secret, as the file says now, unless a line before it takes all
-- who would come to it. `inside`: only from the database host itself.
with line as (
    select h.*, to_jsonb(h) as j from pg_hba_file_rules h where h.error is null and h.type is not null
), numbered as (
    -- 16 knows of included files, and numbers what is in force.
    select type, database, user_name, address, netmask, auth_method,
           coalesce((j ->> 'rule_number')::int, line_number) as number,
           coalesce(j ->> 'file_name', current_setting('hba_file')) || ':' || line_number as place,
           address ~ '^[0-9a-fA-F:.]+$' as numeric
      from line
)
select t.place, t.type, array_to_string(t.database, ', ') as databases, array_to_string(t.user_name, ', ') as users,
       concat_ws(' ', t.address, t.netmask) as address,
       t.type = 'local' or t.address in ('localhost', '127.0.0.1', '::1') as inside
  from numbered t
 where t.auth_method = 'trust'
   and not exists (
       select from numbered e
        where e.number < t.number
          and (e.type = t.type or e.type = 'host' and t.type like 'host%')
          and (e.database @> t.database or 'all' = any (e.database) and not 'replication' = any (t.database))
          and (e.user_name @> t.user_name or 'all' = any (e.user_name))
          and (t.type = 'local' or e.address = 'all' or e.address = t.address and e.netmask is not distinct from t.netmask
               or case when e.numeric and t.numeric and family(e.address::inet) = family(t.address::inet)
                       then (e.address::inet & e.netmask::inet) = (t.address::inet & e.netmask::inet) and e.netmask::inet <= t.netmask::inet
                       else false end))
 order by t.number
