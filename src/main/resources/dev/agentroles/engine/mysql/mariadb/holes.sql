-- No row: MariaDB takes nothing away from what is held on everything.
SELECT '' AS user, '' AS host, '' AS schema_name, '' AS privilege FROM DUAL WHERE FALSE
