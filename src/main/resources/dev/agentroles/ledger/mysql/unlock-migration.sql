-- Lets the next run look.
SELECT RELEASE_LOCK('agentroles.migration')
