package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holding.Reach;
import dev.agentroles.engine.Holdings;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The resolver reads catalogs; `has_*_privilege` and `pg_has_role` are the server's own word. They agree
/// on every role, object, privilege and grant option, whatever was done to them.
@OnEachPostgreSql
final class EffectivePrivilegesTest {
    @AutoClose
    private final Database database;

    /// Nobody special: what the resolver needs is readable for everybody.
    private final Login reader;

    EffectivePrivilegesTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        reader = database.login("reader");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theCatalogSaysWhatTheServerSays(long seed) throws SQLException {
        var rights = new RandomRights(database, seed);
        var taken = 0;
        var asked = 0;
        try {
            rights.setUp();
            for (var round = 0; round < 3; round++) {
                taken += rights.run(60);
                asked += compare(rights.roles());
            }
        } finally {
            rights.tearDown();
        }
        assertThat(taken).as("statements that the server took").isGreaterThan(80);
        assertThat(asked).as("questions asked").isGreaterThan(20_000);
    }

    private int compare(List<String> roles) throws SQLException {
        var asked = 0;
        // CONNECT may have been taken from PUBLIC meanwhile.
        database.execute("GRANT CONNECT ON DATABASE %s TO %s".formatted(database.name(), reader.username()));
        try (var superuser = database.superuser();
                var connection = database.connect(reader)) {
            for (var role : roles) {
                var closure = Closure.of(connection, new RoleName(role)).orElseThrow();
                var holdings = EffectivePrivileges.of(new RoleHoldings(connection, false), closure)
                        .holdings();
                asked += comparePrivileges(superuser, holdings);
                if (!closure.subject().superuser()) {
                    compareRoles(superuser, closure);
                }
            }
        }
        return asked;
    }

    private static int comparePrivileges(Connection superuser, Holdings holdings) throws SQLException {
        var asked = 0;
        var differences = new ArrayList<String>();
        try (var query = superuser.prepareStatement(oracle())) {
            query.setString(1, holdings.subject().value());
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var on = CatalogWords.securable(
                            rows.getString("kind"),
                            rows.getString("schema"),
                            rows.getString("name"),
                            rows.getString("detail"));
                    var privilege = CatalogWords.privilege(rows.getString("privilege"), on);
                    var option = rows.getBoolean("option");
                    var ours = option ? mayGrantNow(holdings, privilege, on) : holdings.hasNow(privilege, on);
                    if (ours != rows.getBoolean("has")) {
                        differences.add("%s %s%s on %s: catalog says %s"
                                .formatted(
                                        holdings.subject(),
                                        privilege,
                                        option ? " with grant option" : "",
                                        on.display(),
                                        ours));
                    }
                    asked++;
                }
            }
        }
        assertThat(differences).isEmpty();
        return asked;
    }

    private void compareRoles(Connection superuser, Closure closure) throws SQLException {
        var subject = closure.subject().name().value();
        assertThat(names(closure.usable(), Reach.AT_ONCE))
                .as("roles that %s inherits from", subject)
                .isEqualTo(served(superuser, subject, "USAGE"));
        var becomable = names(closure.becomable(), Reach.SET_ROLE);
        becomable.add(subject);
        assertThat(becomable)
                .as("roles that %s can become", subject)
                .isEqualTo(served(superuser, subject, database.server().major() >= 16 ? "SET" : "MEMBER"));
    }

    private static Set<String> names(java.util.Collection<Closure.Reached> roles, Reach reach) {
        return roles.stream()
                .filter(role -> role.reach() == reach)
                .map(role -> role.role().name().value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> served(Connection superuser, String subject, String how) throws SQLException {
        var names = new TreeSet<String>();
        try (var query = superuser.prepareStatement("SELECT rolname FROM pg_roles WHERE pg_has_role(?, oid, ?)")) {
            query.setString(1, subject);
            query.setString(2, how);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    private static String oracle() {
        return Sql.resource("oracle.sql");
    }

    private static boolean mayGrantNow(Holdings holdings, Privilege privilege, Securable on) {
        return holdings.superuser().filter(path -> path.size() == 1).isPresent()
                || holdings.giving(privilege, on).stream()
                        .anyMatch(holding -> holding.reach() == Holding.Reach.AT_ONCE && holding.grantable());
    }
}
