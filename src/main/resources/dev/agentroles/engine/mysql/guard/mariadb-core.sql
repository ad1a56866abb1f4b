-- A routine keeps the sql_mode and the collation that it was made with.
SET @agentroles_mode = @@SESSION.sql_mode, @agentroles_collation = @@SESSION.collation_connection
//
SET collation_connection = 'utf8mb4_general_ci'
//
CREATE DATABASE IF NOT EXISTS agentroles_guard CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
//
-- Nobody can log in as it: no password has this hash. It is locked at last.
CREATE USER IF NOT EXISTS 'agentroles_guard'@'localhost' IDENTIFIED VIA mysql_native_password USING 'invalid'
//
GRANT PROCESS ON *.* TO 'agentroles_guard'@'localhost'
