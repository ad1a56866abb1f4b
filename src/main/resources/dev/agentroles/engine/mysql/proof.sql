-- One row: as whom the server counts a session, where it is, and which role acts.
SELECT CURRENT_USER() AS account, DATABASE() AS database_name, COALESCE(CURRENT_ROLE(), 'NONE') AS role
