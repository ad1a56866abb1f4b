-- One row: the event that ends leases, if there is one and this administrator may see it.
SELECT DEFINER AS definer, STATUS AS status, CONCAT(INTERVAL_VALUE, ' ', INTERVAL_FIELD) AS every, SQL_MODE AS mode,
       EVENT_DEFINITION AS body
  FROM (%s) AS e
 WHERE EVENT_SCHEMA = 'agentroles' AND EVENT_NAME = 'end_leases'
