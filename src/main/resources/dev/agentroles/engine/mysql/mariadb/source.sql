-- One row if this server is following another. Which one it is only whoever has REPLICA MONITOR may ask.
SELECT 'another server' AS source
  FROM information_schema.GLOBAL_STATUS
 WHERE VARIABLE_NAME = 'SLAVES_RUNNING' AND VARIABLE_VALUE > 0
