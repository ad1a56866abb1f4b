-- One row: a table, or a whole database, on which the guard's account holds something, with all it holds there.
SELECT t.Db AS `schema`, t.Table_name AS name, CAST(t.Table_priv AS char) AS privileges
  FROM mysql.tables_priv t
 WHERE t.User = 'agentroles_guard' AND t.Host = 'localhost'
 UNION ALL
SELECT d.Db, '', IF(d.Select_priv = 'Y', 'Select', '')
  FROM mysql.db d
 WHERE d.User = 'agentroles_guard' AND d.Host = 'localhost'
