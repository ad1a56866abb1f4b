-- One row: a view of the guard, or what stands in its place.
SELECT p.views AS `schema`, t.table_name AS name, t.table_type AS type, v.view_definition AS definition,
       v.check_option AS check_option, v.definer AS definer, v.security_type AS security_type
  FROM agentroles_guard.place p
  JOIN information_schema.tables t ON t.table_schema = p.views
  LEFT JOIN information_schema.views v ON v.table_schema = t.table_schema AND v.table_name = t.table_name
