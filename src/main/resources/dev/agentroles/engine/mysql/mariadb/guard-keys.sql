-- One row: a column of a foreign key that changes rows of its table (the child) when rows of the other one change. Only InnoDB
-- has such keys, and keeps them in its own dictionary; the tables that the standard names open every table of the server for
-- them. It writes names of databases and tables as names of files, that of a column as it is; @@@ stands behind what
-- is the name of a device somewhere (aux, con).
SELECT CONVERT(CAST(CAST(REPLACE(SUBSTRING_INDEX(f.FOR_NAME, '/', 1), '@@@', '') AS binary) AS char CHARACTER SET filename) USING utf8mb4) AS child_schema,
       CONVERT(CAST(CAST(REPLACE(SUBSTRING_INDEX(f.FOR_NAME, '/', -1), '@@@', '') AS binary) AS char CHARACTER SET filename) USING utf8mb4) AS child_table,
       c.FOR_COL_NAME AS child_column,
       CONVERT(CAST(CAST(REPLACE(SUBSTRING_INDEX(f.REF_NAME, '/', 1), '@@@', '') AS binary) AS char CHARACTER SET filename) USING utf8mb4) AS parent_schema,
       CONVERT(CAST(CAST(REPLACE(SUBSTRING_INDEX(f.REF_NAME, '/', -1), '@@@', '') AS binary) AS char CHARACTER SET filename) USING utf8mb4) AS parent_table,
       c.REF_COL_NAME AS parent_column,
       f.ID AS name,
       CASE WHEN f.TYPE & 1 THEN 'CASCADE' WHEN f.TYPE & 2 THEN 'SET NULL' ELSE 'RESTRICT' END AS delete_rule,
       CASE WHEN f.TYPE & 4 THEN 'CASCADE' WHEN f.TYPE & 8 THEN 'SET NULL' ELSE 'RESTRICT' END AS update_rule
  FROM information_schema.INNODB_SYS_FOREIGN AS f
  JOIN information_schema.INNODB_SYS_FOREIGN_COLS AS c ON c.ID = f.ID
 WHERE f.TYPE & 15
 ORDER BY child_schema, child_table, f.ID, c.POS
