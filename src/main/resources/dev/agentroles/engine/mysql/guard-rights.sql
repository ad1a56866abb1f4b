-- One row: a table on which the guard's account holds something, with all it holds there.
SELECT t.Db AS `schema`, t.Table_name AS name, CAST(t.Table_priv AS char) AS privileges
  FROM mysql.tables_priv t
 WHERE t.User = 'agentroles_guard' AND t.Host = 'localhost'
