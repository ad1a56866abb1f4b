-- One row: an event. information_schema.EVENTS has the same, but only an error (1577) for everybody on a server that was
-- started with event_scheduler = DISABLED.
SELECT db AS EVENT_SCHEMA, name AS EVENT_NAME, definer AS DEFINER, status AS STATUS, interval_value AS INTERVAL_VALUE,
       interval_field AS INTERVAL_FIELD, sql_mode AS SQL_MODE, CONVERT(body_utf8 USING utf8mb4) AS EVENT_DEFINITION
  FROM mysql.event
