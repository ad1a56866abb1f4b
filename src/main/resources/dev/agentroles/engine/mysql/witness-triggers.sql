-- One row for each trigger that this administrator is shown: of tables on which he has TRIGGER. Of others MariaDB 10.11
-- tells the name and nothing else.
SELECT EVENT_OBJECT_SCHEMA AS schema_name, EVENT_OBJECT_TABLE AS relation, TRIGGER_NAME AS name, DEFINER AS definer,
       CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT) AS text
  FROM information_schema.TRIGGERS
 WHERE EVENT_OBJECT_SCHEMA NOT IN ('mysql', 'sys') AND DEFINER IS NOT NULL
 ORDER BY 1, 2, 3
