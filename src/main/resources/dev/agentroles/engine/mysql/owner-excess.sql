-- One row for each power of this account that the owner of a schema has no use for.
SELECT PRIVILEGE_TYPE AS privilege
  FROM information_schema.USER_PRIVILEGES
 WHERE GRANTEE = CONCAT('\'', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER())
                                   - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1),
                        '\'@\'', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '\'')
   AND PRIVILEGE_TYPE IN ('SUPER', 'CREATE USER', 'CREATE ROLE', 'FILE', 'SHUTDOWN', 'SET_USER_ID', 'SET_ANY_DEFINER',
                          'SET USER', 'SYSTEM_USER', 'ROLE_ADMIN', 'CONNECTION_ADMIN', 'CONNECTION ADMIN',
                          'SYSTEM_VARIABLES_ADMIN')
 ORDER BY 1
