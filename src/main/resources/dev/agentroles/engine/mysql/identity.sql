-- One row: who this session is and where.
SELECT CURRENT_USER() AS administrator, COALESCE(DATABASE(), '') AS database_name
