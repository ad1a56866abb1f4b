-- One row: the ledger's version, the server's clock, the stamp and the freeze where there are any. The last migration of
-- a version is the one with a whole number.
SELECT (SELECT MAX(FLOOR(CAST(version AS decimal(10, 3)))) FROM agentroles.schema_history WHERE success) AS version,
       UTC_TIMESTAMP(6) AS server_time,
       stamp.environment, stamp.entry, stamp.server_identifier, stamp.database_name, stamp.made_at, stamp.tool_version,
       frozen.frozen_by, frozen.frozen_at, frozen.reason
  FROM (SELECT 1 AS one) AS always
  LEFT JOIN agentroles.stamp AS stamp ON true
  LEFT JOIN agentroles.freeze AS frozen ON true
