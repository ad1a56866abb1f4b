-- One row if this server is following another just now: all that is told to whoever has no REPLICA MONITOR.
SELECT 'another server' AS source
  FROM information_schema.GLOBAL_STATUS
 WHERE VARIABLE_NAME = 'SLAVES_RUNNING' AND VARIABLE_VALUE > 0
