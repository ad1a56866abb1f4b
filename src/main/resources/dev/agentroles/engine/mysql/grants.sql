-- One row an object on which an account whose name begins like ours holds something, with all it holds there. Columns of
-- type SET and Y/N columns alike are told as words between commas.
SELECT 'relation' AS kind, CONVERT(t.User USING utf8mb4) COLLATE utf8mb4_bin AS grantee, CONVERT(t.Host USING utf8mb4) COLLATE utf8mb4_bin AS host,
       CONVERT(t.Db USING utf8mb4) COLLATE utf8mb4_bin AS schema_name, CONVERT(t.Table_name USING utf8mb4) COLLATE utf8mb4_bin AS name, '' AS sub,
       CAST(t.Table_priv AS char) AS privileges
  FROM mysql.tables_priv AS t
 WHERE t.User LIKE ? AND t.Table_priv <> ''
 UNION ALL
SELECT 'column' AS kind, CONVERT(c.User USING utf8mb4) COLLATE utf8mb4_bin AS grantee, CONVERT(c.Host USING utf8mb4) COLLATE utf8mb4_bin AS host,
       CONVERT(c.Db USING utf8mb4) COLLATE utf8mb4_bin AS schema_name, CONVERT(c.Table_name USING utf8mb4) COLLATE utf8mb4_bin AS name, CONVERT(c.Column_name USING utf8mb4) COLLATE utf8mb4_bin AS sub,
       CAST(c.Column_priv AS char) AS privileges
  FROM mysql.columns_priv AS c
 WHERE c.User LIKE ?
 UNION ALL
SELECT 'routine' AS kind, CONVERT(p.User USING utf8mb4) COLLATE utf8mb4_bin AS grantee, CONVERT(p.Host USING utf8mb4) COLLATE utf8mb4_bin AS host,
       CONVERT(p.Db USING utf8mb4) COLLATE utf8mb4_bin AS schema_name, CONVERT(p.Routine_name USING utf8mb4) COLLATE utf8mb4_bin AS name, CONVERT(p.Routine_type USING utf8mb4) COLLATE utf8mb4_bin AS sub,
       CAST(p.Proc_priv AS char) AS privileges
  FROM mysql.procs_priv AS p
 WHERE p.User LIKE ?
 UNION ALL
SELECT 'schema' AS kind, CONVERT(d.User USING utf8mb4) COLLATE utf8mb4_bin AS grantee, CONVERT(d.Host USING utf8mb4) COLLATE utf8mb4_bin AS host,
       CONVERT(d.Db USING utf8mb4) COLLATE utf8mb4_bin AS schema_name, '' AS name, '' AS sub,
       CONCAT_WS(',',
           IF(d.Select_priv = 'Y', 'SELECT', NULL),
           IF(d.Insert_priv = 'Y', 'INSERT', NULL),
           IF(d.Update_priv = 'Y', 'UPDATE', NULL),
           IF(d.Delete_priv = 'Y', 'DELETE', NULL),
           IF(d.Create_priv = 'Y', 'CREATE', NULL),
           IF(d.Drop_priv = 'Y', 'DROP', NULL),
           IF(d.Grant_priv = 'Y', 'GRANT OPTION', NULL),
           IF(d.References_priv = 'Y', 'REFERENCES', NULL),
           IF(d.Index_priv = 'Y', 'INDEX', NULL),
           IF(d.Alter_priv = 'Y', 'ALTER', NULL),
           IF(d.Create_tmp_table_priv = 'Y', 'CREATE TEMPORARY TABLES', NULL),
           IF(d.Lock_tables_priv = 'Y', 'LOCK TABLES', NULL),
           IF(d.Execute_priv = 'Y', 'EXECUTE', NULL),
           IF(d.Create_view_priv = 'Y', 'CREATE VIEW', NULL),
           IF(d.Show_view_priv = 'Y', 'SHOW VIEW', NULL),
           IF(d.Create_routine_priv = 'Y', 'CREATE ROUTINE', NULL),
           IF(d.Alter_routine_priv = 'Y', 'ALTER ROUTINE', NULL),
           IF(d.Event_priv = 'Y', 'EVENT', NULL),
           IF(d.Trigger_priv = 'Y', 'TRIGGER', NULL)) AS privileges
  FROM mysql.db AS d
 WHERE d.User LIKE ?
