-- Waits, at most so many milliseconds, for the transactions that are just making a login; those that begin later see
-- what was written before this.
SET LOCAL lock_timeout = %d;
LOCK TABLE agentroles.stamp IN SHARE UPDATE EXCLUSIVE MODE
