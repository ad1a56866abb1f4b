-- One row: the ledger's version, the server's clock, the stamp and the freeze where there are any.
SELECT (SELECT max(version::integer) FROM agentroles.schema_history WHERE success) AS version,
       clock_timestamp() AS server_time,
       stamp.environment, stamp.entry, stamp.server_identifier, stamp.database_name, stamp.made_at, stamp.tool_version,
       frozen.frozen_by, frozen.frozen_at, frozen.reason
  FROM (SELECT) AS always
  LEFT JOIN agentroles.stamp ON true
  LEFT JOIN agentroles.freeze AS frozen ON true
