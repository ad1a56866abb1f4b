-- Makes what Flyway makes first, to be rolled back: Flyway itself tells the error that follows from the first one, and
-- after trying for a hundred seconds. CREATE SCHEMA IF NOT EXISTS would ask for CREATE on the database in any case.
DO $$
BEGIN
  IF to_regnamespace('agentroles') IS NULL THEN
    CREATE SCHEMA agentroles;
  END IF;
  CREATE TABLE agentroles.rehearsal (id int);
END $$
