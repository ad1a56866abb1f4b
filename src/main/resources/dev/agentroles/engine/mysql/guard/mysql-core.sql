-- A routine keeps the sql_mode and the collation that it was made with.
SET @agentroles_mode = @@SESSION.sql_mode, @agentroles_collation = @@SESSION.collation_connection
//
SET collation_connection = 'utf8mb4_0900_ai_ci'
//
CREATE DATABASE IF NOT EXISTS agentroles_guard CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci
//
-- Nobody can log in as it: no password has this hash. It is locked at last.
CREATE USER IF NOT EXISTS 'agentroles_guard'@'localhost'
  IDENTIFIED WITH caching_sha2_password AS '$A$005$nobodynobodynobodyno0000000000000000000000000000000000000000000'
//
GRANT SESSION_VARIABLES_ADMIN, PROCESS ON *.* TO 'agentroles_guard'@'localhost'
//
GRANT SELECT ON performance_schema.events_statements_current TO 'agentroles_guard'@'localhost'
//
GRANT SELECT ON performance_schema.events_transactions_current TO 'agentroles_guard'@'localhost'
