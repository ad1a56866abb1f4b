-- One row where there is a guard that must know of logins.
SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'agentroles_guard' AND TABLE_NAME = 'account'
