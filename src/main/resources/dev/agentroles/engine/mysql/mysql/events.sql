-- One row: an event that this administrator may see.
SELECT EVENT_SCHEMA, EVENT_NAME, DEFINER, STATUS, INTERVAL_VALUE, INTERVAL_FIELD, SQL_MODE, EVENT_DEFINITION
  FROM information_schema.EVENTS
