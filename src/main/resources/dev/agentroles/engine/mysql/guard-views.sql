-- One row: what stands in a database of guarded views, or in one that should become one.
SELECT t.TABLE_SCHEMA AS `schema`, t.TABLE_NAME AS name, t.TABLE_TYPE AS type, v.VIEW_DEFINITION AS definition,
       v.CHECK_OPTION AS check_option, v.DEFINER AS definer, v.SECURITY_TYPE AS security
  FROM information_schema.TABLES t
  LEFT JOIN information_schema.VIEWS v ON v.TABLE_SCHEMA = t.TABLE_SCHEMA AND v.TABLE_NAME = t.TABLE_NAME
 WHERE t.TABLE_SCHEMA LIKE '%\_rw' OR t.TABLE_SCHEMA LIKE '%\_rw\_in'
