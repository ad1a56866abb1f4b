-- One row: who is asking, where; what keeps them from making or keeping the ledger, why they cannot read it, and the
-- statement with which a database administrator mends that.
SELECT asker,
       database_name,
       CASE WHEN schema_owner IS NOT NULL AND NOT owns_schema
            THEN format('%s may not use schema agentroles of database %s, which belongs to %s',
                        asker, database_name, schema_owner)
            WHEN schema_owner IS NULL AND NOT may_create
            THEN format('%s may not create schema agentroles in database %s', asker, database_name)
       END AS obstacle,
       format('schema agentroles belongs to %s', coalesce(schema_owner, 'another role')) AS unreadable,
       CASE WHEN schema_owner IS NULL THEN format('GRANT CREATE ON DATABASE %I TO %I;', database_name, asker)
            ELSE format('GRANT %s TO %I;', schema_owner, asker)
       END AS cure
  FROM (SELECT session_user AS asker,
               current_database() AS database_name,
               has_database_privilege(current_database(), 'CREATE') AS may_create,
               (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'agentroles') AS schema_owner,
               (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'agentroles') AS owns_schema
       ) AS rights
