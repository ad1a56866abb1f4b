package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.StatementForm;
import dev.agentroles.engine.StatementForm.Effect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a statement of MySQL or MariaDB is by its form.
final class StatementFormsTest {
    private static StatementForm form(String statement) {
        return StatementForms.JUDGE.form(statement);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            CREATE TABLE orders (id int, note varchar(9) DEFAULT "a;b\\";") | CREATE TABLE | ADDS
            create table if not exists `a``;b` (id int) # ; the end    | CREATE TABLE | ADDS
            CREATE OR REPLACE TABLE orders (id int)                    | CREATE TABLE | DESTROYS
            CREATE TABLE copy LIKE orders                              | CREATE TABLE | ADDS
            CREATE TABLE a (b int) PARTITION BY LIST (b) (PARTITION c VALUES IN (1)) | CREATE TABLE | ADDS
            CREATE TABLE a (engine int NOT NULL) ENGINE=CSV            | CREATE TABLE | ADDS
            CREATE SEQUENCE a ENGINE=InnoDB                            | CREATE SEQUENCE | ADDS
            CREATE UNIQUE INDEX by_day ON shop.orders (day)            | CREATE UNIQUE INDEX | ADDS
            CREATE OR REPLACE SQL SECURITY INVOKER VIEW v AS SELECT 1; | CREATE VIEW | CHANGES
            CREATE ALGORITHM=MERGE DEFINER=CURRENT_USER() VIEW v AS SELECT 1 -- ; | CREATE VIEW | ADDS
            CREATE PROCEDURE p() BEGIN IF a THEN SELECT IF(1, 2, 3); END IF; CASE WHEN b THEN SELECT 1; END CASE; END | CREATE PROCEDURE | BRINGS_CODE
            CREATE FUNCTION f() RETURNS int RETURN CASE WHEN 1 THEN 2 END | CREATE FUNCTION | BRINGS_CODE
            CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW BEGIN a: LOOP LEAVE a; END LOOP; WHILE 0 DO SET @x = 1; END WHILE; END | CREATE TRIGGER | BRINGS_CODE
            CREATE FUNCTION f() RETURNS char(9) CHARACTER SET utf8mb4 DETERMINISTIC BEGIN RETURN REPEAT('a;', 2); END | CREATE FUNCTION | BRINGS_CODE
            CREATE TRIGGER t AFTER UPDATE ON orders FOR EACH ROW b: BEGIN REPEAT SET @x = 1; UNTIL 1 END REPEAT; END b | CREATE TRIGGER | BRINGS_CODE
            CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN END        | CREATE EVENT | BRINGS_CODE
            ALTER TABLE orders ADD note text                           | ALTER TABLE | CHANGES
            ALTER TABLE orders DROP note, ADD b int                    | ALTER TABLE | DESTROYS
            ALTER TABLE orders DROP INDEX by_day                       | ALTER TABLE | CHANGES
            RENAME TABLE orders TO sales, a TO b                       | RENAME TABLE | CHANGES
            DROP TABLE orders, shop.lines                              | DROP TABLE | DESTROYS
            DROP INDEX by_day ON orders                                | DROP INDEX | DESTROYS
            TRUNCATE TABLE orders                                      | TRUNCATE TABLE | DESTROYS
            """)
    void aChangeOfASchemaIsOne(String statement, String words, Effect effect) {
        var form = form(statement);

        assertThat(form.unfit()).isEmpty();
        assertThat(form.words()).isEqualTo(words);
        assertThat(form.effect()).isEqualTo(effect);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing",
                "-- nothing",
                ";",
                "\0",
                "SELECT 1",
                "(SELECT 1)",
                "INSERT INTO a VALUES (1)",
                "REPLACE INTO a VALUES (1)",
                "CREATE TABLE a AS SELECT 1",
                "CREATE TABLE a SELECT 1",
                "CREATE TABLE a (b int) SELECT 1",
                "CREATE TABLE a (SELECT 1)",
                "CREATE TABLE a TABLE b",
                "CREATE TABLE a (TABLE b)",
                "CREATE TABLE a (b int) ((TABLE c))",
                "CREATE TABLE a VALUES ROW(1)",
                "CREATE TABLE a (b int) VALUES (1), (2)",
                "CREATE TABLE a (b int) (VALUES (1))",
                "CREATE TABLE a (b int) START TRANSACTION",
                "CREATE TABLE a (b int) ENGINE='SPI\\DER'",
                "CREATE TABLE a (b int) ENGINE MERGE UNION=(shop.secrets)",
                "ALTER TABLE a ENGINE = ndbcluster",
                "ALTER TABLE a ENGINE=\"FEDER\\ATED\"",
                "CREATE SEQUENCE a ENGINE=MyISAM DATA DIRECTORY='/x'",
                "CREATE TEMPORARY TABLE a (b int)",
                "DROP TEMPORARY TABLE a",
                "DROP TABLE a; DROP TABLE b",
                "DROP TABLE a;;",
                "DROP TABLE a; # x\n SELECT 1",
                "DROP TABLE a /*! , b */",
                "DROP TABLE a /*M! , b */",
                "DROP TABLE a /*!99999 , b */",
                "DROP TABLE a /* x",
                "DROP TABLE a /* /* */",
                "CREATE TABLE a (b text DEFAULT 'x",
                "CREATE TABLE `a (b int)",
                "DROP TABLE $$a$$",
                "CREATE PROCEDURE p() BEGIN SELECT 1; END; DROP TABLE a",
                "CREATE PROCEDURE p() BEGIN SELECT 1;",
                "CREATE PROCEDURE p() SELECT 1; DROP TABLE a",
                "CREATE PROCEDURE p() SELECT 1 AS begin; DROP TABLE a; END",
                "CREATE VIEW v AS SELECT event begin; DROP TABLE b; END",
                "CREATE TABLE begin (a int); DROP TABLE b",
                "BEGIN",
                "COMMIT",
                "START TRANSACTION",
                "XA START 'x'",
                "SET @a = 1",
                "SET PASSWORD = 'x'",
                "USE shop",
                "GRANT SELECT ON a TO b",
                "REVOKE ALL ON a FROM b",
                "CREATE PROCEDURE p() GRANT SELECT ON a TO b",
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN REVOKE ALL ON a FROM b; END",
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO GRANT SELECT ON a TO b",
                "ALTER EVENT e DO GRANT SELECT ON a TO b",
                "CREATE USER a",
                "ALTER USER a",
                "DROP ROLE a",
                "SET DEFAULT ROLE a TO b",
                "CREATE DEFINER=root@localhost VIEW v AS SELECT 1",
                "CREATE DEFINER='a'@'b' PROCEDURE p() SELECT 1",
                "ALTER DEFINER=`a`@`b` EVENT e ENABLE",
                "CREATE OR REPLACE DEFINER = ar_x FUNCTION f() RETURNS int RETURN 1",
                "LOCK TABLES a WRITE",
                "HANDLER a OPEN",
                "LOAD DATA INFILE 'x' INTO TABLE a",
                "DO SLEEP(1)",
                "CALL p()",
                "INSTALL PLUGIN a SONAME 'b'",
                "CREATE FUNCTION a RETURNS STRING SONAME 'b'",
                "CREATE AGGREGATE FUNCTION a RETURNS STRING SONAME 'b'",
                "CREATE DATABASE a",
                "DROP SCHEMA a",
                "ALTER DATABASE a READ ONLY 1",
                "CREATE SERVER a FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')",
                "CREATE TABLESPACE a ADD DATAFILE 'b'",
                "CREATE TABLE a (b int) ENGINE=FEDERATED CONNECTION='x'",
                "CREATE TABLE a (b int) DATA DIRECTORY '/x'",
                "FLUSH PRIVILEGES",
                "ANALYZE TABLE a",
                "OPTIMIZE TABLE a",
                "PREPARE a FROM 'b'",
                "EXECUTE a",
                "SHUTDOWN",
                "KILL 1",
                "DROP TABLE agentroles.journal",
                "DROP TABLE `agentroles_guard`.x",
                "RENAME TABLE a TO agentroles.a",
                "DROP TABLE mysql.user",
                "RENAME TABLE a TO mysql.a",
                "CREATE VIEW sys.a AS SELECT 1",
                "DROP TABLE a -- \r , b",
                "DROP TABLE a\u00a0",
                "DROP TABLE or\u200bders",
                "NONSENSE",
                "CREATE",
                "ALTER TABLE"
            })
    void whatIsNoneIsUnfit(String statement) {
        assertThat(form(statement).unfit()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TABLE orders MODIFY total bigint   | may be written anew
            ALTER TABLE orders ADD a int             | waits behind it
            CREATE PROCEDURE p() SELECT 1            | all that the owner
            CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1 | all that the owner
            CREATE VIEW v AS SELECT 1                | rights of its owner
            DROP TABLE IF EXISTS orders              | no error tells
            ALTER SEQUENCE numbers RESTART 1         | numbers that were given before
            CREATE FUNCTION f() RETURNS int LANGUAGE JAVASCRIPT AS 'return 1' | another language
            """)
    void aPersonIsWarned(String statement, String words) {
        assertThat(form(statement).unfit()).isEmpty();
        assertThat(String.join("; ", form(statement).warnings())).contains(words);
    }
}
