-- One row: what a view says of itself, in a database of guarded views or in one that should become one.
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, VIEW_DEFINITION AS definition, CHECK_OPTION AS check_option,
       DEFINER AS definer, SECURITY_TYPE AS security
  FROM information_schema.VIEWS
 WHERE TABLE_SCHEMA LIKE '%\_rw' OR TABLE_SCHEMA LIKE '%\_rw\_in'
