-- One row: what stands in a database of guarded views, or in one that should become one.
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, TABLE_TYPE AS type
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA LIKE '%\_rw' OR TABLE_SCHEMA LIKE '%\_rw\_in'
