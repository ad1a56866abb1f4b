-- One row: whether the administrator may read the limits.
select to_regclass('agentroles_guard.limits') is not null
   and has_schema_privilege('agentroles_guard', 'USAGE')
   and has_table_privilege('agentroles_guard.limits', 'SELECT')          as readable
from pg_namespace where nspname = 'agentroles_guard'
