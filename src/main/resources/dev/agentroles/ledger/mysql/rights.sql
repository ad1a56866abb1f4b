-- One row: who is asking, where; what keeps them from making or keeping the ledger, why they cannot read it, and the
-- statement with which a database administrator mends that. A name may hold an @, a host may not. A grant that comes
-- through a role is seen once it is used.
SELECT CURRENT_USER() AS asker,
       COALESCE(DATABASE(), '') AS database_name,
       CAST(NULL AS char(1)) AS obstacle,
       'the administrator lacks privileges on schema agentroles' AS unreadable,
       CONCAT('GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON agentroles.* TO ',
              QUOTE(LEFT(CURRENT_USER(),
                         CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1)),
              '@',
              QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)),
              ';') AS cure
