package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.Server;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.security.SecureRandom;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is read of tables, from whichever catalog each product has.
@OnEachMySql
final class GuardTablesTest {
    @AutoClose
    private final MySqlDatabase database;

    @AutoClose
    private final Server session;

    private final GuardForm form;

    GuardTablesTest(MySql server) throws SQLException {
        database = server.createDatabase();
        form = server.mariadb() ? new MariaDbGuard() : new MySqlGuard();
        var engine = server.mariadb() ? MySqlEngine.mariadb() : MySqlEngine.mysql(new SecureRandom());
        session = engine.connect(database.target(database.administrator()));
    }

    private Securable.Relation table(String name) {
        return new Securable.Relation(database.name(), name);
    }

    private void child(String name, String parent, String rules) throws SQLException {
        database.execute(
                "CREATE TABLE %s (id int PRIMARY KEY, `zu wem` int, KEY (`zu wem`),".formatted(Sql.identifier(name))
                        + " FOREIGN KEY (`zu wem`) REFERENCES %s (`nr.`) %s)".formatted(Sql.identifier(parent), rules));
    }

    @Test
    void foreignKeysThatChangeOtherRowsAreFoundWhateverTheNames() throws SQLException {
        var parent = "pär-ent $x @0041 日本";
        database.execute("CREATE TABLE %s (`nr.` int PRIMARY KEY, name varchar(9))".formatted(Sql.identifier(parent)));
        child("chi/ld @ß.", parent, "ON DELETE CASCADE");
        child("grand", parent, "ON DELETE SET NULL");
        // A device of another operating system.
        child("aux", parent, "ON DELETE CASCADE");
        child("moved", parent, "ON UPDATE CASCADE");
        child("kept", parent, "ON DELETE RESTRICT ON UPDATE NO ACTION");

        var tables = GuardTables.read(session.connection(), form);

        assertThat(tables.children(table(parent)))
                .containsExactlyInAnyOrder(table("chi/ld @ß."), table("grand"), table("aux"));
        assertThat(tables.carried(table(parent))).containsExactly("nr.");
        assertThat(tables.carried(table("moved"))).isEmpty();
        assertThat(tables.circular(table(parent))).isFalse();
    }

    /// As a dump makes them, in the order of their names: the server keeps what was written.
    @Test
    void theCaseInWhichAForeignKeyNamesItsParentsColumnHidesNothing() throws SQLException {
        database.execute(
                "SET foreign_key_checks = 0",
                "CREATE TABLE child (id int PRIMARY KEY, up int, FOREIGN KEY (up) REFERENCES parent (NR) ON UPDATE CASCADE)",
                "CREATE TABLE parent (nr int PRIMARY KEY, word varchar(9))");

        var tables = GuardTables.read(session.connection(), form);

        assertThat(tables.find(table("parent")).orElseThrow().visible())
                .filteredOn(tables.carried(table("parent"))::contains)
                .containsExactly("nr");
    }

    @Test
    void aViewIsNoTable() throws SQLException {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, word varchar(9))", "CREATE VIEW v AS SELECT * FROM t");

        var tables = GuardTables.read(session.connection(), form);

        assertThat(tables.find(table("t")).orElseThrow().visible()).containsExactly("id", "word");
        assertThat(tables.find(table("t")).orElseThrow().key()).contains("id");
        assertThat(tables.find(table("v"))).isEmpty();
    }
}
