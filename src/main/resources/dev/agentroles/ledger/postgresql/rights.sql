-- One row: who is asking, where, and whether they may make the ledger's schema or already own it.
SELECT session_user AS asker,
       current_database() AS database_name,
       quote_ident(session_user) AS quoted_asker,
       quote_ident(current_database()) AS quoted_database,
       has_database_privilege(current_database(), 'CREATE') AS may_create,
       (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'agentroles') AS schema_owner,
       (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'agentroles') AS owns_schema
