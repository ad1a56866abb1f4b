-- One row: who is asking, where; what keeps them from making or keeping the ledger, why they cannot read it, and the
-- statement with which a database administrator mends that. A grant that comes through a role is seen once it is used.
SELECT CURRENT_USER() AS asker,
       COALESCE(DATABASE(), '') AS database_name,
       CAST(NULL AS char(1)) AS obstacle,
       'the administrator lacks privileges on schema agentroles' AS unreadable,
       CONCAT('GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON agentroles.* TO ''',
              REPLACE(CURRENT_USER(), '@', '''@'''), ''';') AS cure
