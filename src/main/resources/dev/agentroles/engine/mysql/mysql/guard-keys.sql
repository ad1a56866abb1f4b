-- One row: a column of a foreign key that changes rows of its table (the child) when rows of the other one change.
SELECT r.constraint_schema AS child_schema, r.table_name AS child_table, k.column_name AS child_column,
       k.referenced_table_schema AS parent_schema, k.referenced_table_name AS parent_table,
       k.referenced_column_name AS parent_column,
       r.constraint_name AS name, r.delete_rule AS delete_rule, r.update_rule AS update_rule
  FROM information_schema.referential_constraints r
  JOIN information_schema.key_column_usage k
    ON k.constraint_schema = r.constraint_schema AND k.table_name = r.table_name AND k.constraint_name = r.constraint_name
 WHERE k.referenced_column_name IS NOT NULL
   AND (r.delete_rule IN ('CASCADE', 'SET NULL') OR r.update_rule IN ('CASCADE', 'SET NULL'))
 ORDER BY r.constraint_schema, r.table_name, r.constraint_name, k.ordinal_position
