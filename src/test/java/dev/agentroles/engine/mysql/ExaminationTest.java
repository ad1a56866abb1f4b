package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rule;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The ways to power on MySQL and MariaDB, by their ids in `docs/limits.md`: each is found, with the path, and its
/// cure ends it.
@OnEachMySql
final class ExaminationTest {
    @AutoClose
    private final WitnessGround ground;

    ExaminationTest(MySql server) throws SQLException {
        ground = new WitnessGround(server);
    }

    @Test
    void anAgentAsItWasMadeHasNoFinding() throws SQLException {
        assertThat(ground.findings()).isEmpty();
        assertThat(ground.found(ground.role))
                .as("the login has no mark of a lease here")
                .extracting(Finding::code)
                .containsOnly("IMPERSONATOR");
    }

    @Test
    void a1EveryPrivilegeThatTheServerKnowsIsFoundByItsName() throws SQLException {
        var unseen = new ArrayList<String>();
        int granted = 0;
        for (var privilege : ground.database.query("SHOW PRIVILEGES")) {
            var word = word(privilege);
            if (List.of("PROXY", "USAGE", "GRANT OPTION").contains(word)) {
                continue;
            }
            ground.execute("GRANT %s ON *.* TO %s".formatted(word, ground.tierSql));
            granted++;
            var found = ground.findings();
            if (found.stream()
                    .noneMatch(finding -> finding.what().endsWith(" has " + word + " on everything (*.*)")
                            && finding.mend().equals(List.of("REVOKE " + word + " ON *.* FROM " + ground.tierSql)))) {
                unseen.add(word + ": " + found);
            }
            for (var finding : found) {
                ground.execute(finding.mend().toArray(String[]::new));
            }
            assertThat(ground.findings()).as("after %s was taken away", word).isEmpty();
        }
        assertThat(unseen).isEmpty();
        assertThat(granted).isGreaterThan(30);
    }

    /// As the grant tables and GRANT call what SHOW PRIVILEGES calls otherwise.
    private static String word(String privilege) {
        return switch (privilege.toUpperCase(Locale.ROOT)) {
            case "BINLOG MONITOR" -> "REPLICATION CLIENT";
            case "DELETE VERSIONING ROWS" -> "DELETE HISTORY";
            case "REPLICA MONITOR" -> "SLAVE MONITOR";
            case String other -> other;
        };
    }

    @Test
    void a1AnAdministrativePrivilegeOfMariaDbToComeIsNotOverlooked() throws SQLException {
        if (ground.mariadb) {
            ground.execute("UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.access', 1 << 45) WHERE User = '"
                    + ground.database.named("tier") + "'");

            assertThat(ground.cured(Rule.SUPERUSER).what()).contains("ADMINISTRATION");
        }
    }

    @Test
    void a2AndA3AWildcardIsFoundAndCured() throws SQLException {
        ground.execute("GRANT SELECT, LOCK TABLES ON `%`.* TO " + ground.tierSql);

        assertThat(ground.cured(Rule.CATALOG_GRANT).severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void a4EachOfSeveralRowsThatFitIsFound() throws SQLException {
        var name = ground.database.name();
        ground.execute(
                "GRANT SELECT ON `%s%%`.* TO %s".formatted(name, ground.tierSql),
                "GRANT INSERT ON `%s_`.* TO %s".formatted(name.substring(0, name.length() - 1), ground.loginSql));

        assertThat(ground.findings(ground.subject, Rule.GRANT_EXCESS))
                .extracting(Finding::what)
                .anyMatch(what -> what.contains("SELECT on everything in the databases that fit"))
                .anyMatch(what -> what.contains("INSERT on everything in the databases that fit"));
        ground.cured(Rule.GRANT_EXCESS);
    }

    @Test
    void a5WithPartialRevokesANameIsNoPatternAndAHoleIsAHole() throws SQLException {
        if (ground.database.query("SHOW VARIABLES LIKE 'partial_revokes'").isEmpty()) {
            return;
        }
        ground.execute("SET GLOBAL partial_revokes = ON");
        try {
            ground.execute("GRANT SELECT ON `mysq_`.* TO " + ground.tierSql);
            assertThat(ground.findings(ground.subject, Rule.CATALOG_GRANT)).isEmpty();
            assertThat(ground.cured(Rule.GRANT_EXCESS).what()).contains("mysq_");

            ground.execute("GRANT UPDATE ON *.* TO " + ground.tierSql);
            assertThat(ground.only(Rule.SUPERUSER)).isPresent();
            ground.execute("REVOKE UPDATE ON mysql.* FROM " + ground.tierSql);
            assertThat(ground.only(Rule.SUPERUSER)).isEmpty();
            assertThat(ground.cured(Rule.GRANT_EXCESS).what()).contains("UPDATE on everything");
        } finally {
            ground.close();
            try (var superuser = ground.database.server().superuser();
                    var statement = superuser.createStatement()) {
                statement.execute("SET GLOBAL partial_revokes = OFF");
            }
        }
    }

    @Test
    void a6APrivilegeOnAColumnIsCured() throws SQLException {
        ground.execute("GRANT UPDATE (word) ON secrets TO " + ground.tierSql);

        assertThat(ground.cured(Rule.GRANT_EXCESS).what())
                .endsWith("has UPDATE on " + ground.secrets.display() + ".word");
    }

    @Test
    void a7AndA17ARoutineThatRunsAsASuperuserIsCritical() throws SQLException {
        routine("payroll", "DEFINER");
        ground.execute("GRANT EXECUTE ON PROCEDURE payroll TO " + ground.tierSql);

        var finding = ground.cured(Rule.DEFINER_ROUTINE);

        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.evidence()).contains("payroll has the rights of root@");
    }

    @Test
    void a7ARoutineThatRunsAsItsCallerIsAnExcessAndAnotherMatterIfItCanBeAltered() throws SQLException {
        routine("harmless", "INVOKER");
        ground.execute("GRANT EXECUTE ON PROCEDURE harmless TO " + ground.tierSql);
        assertThat(ground.only(Rule.DEFINER_ROUTINE)).isEmpty();
        ground.cured(Rule.GRANT_EXCESS);

        ground.execute("GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE harmless TO " + ground.tierSql);
        ground.cured(Rule.DEFINER_ROUTINE);
    }

    @Test
    void a17ExecuteOnAWholeDatabaseNamesWhoStandsBehindIt() throws SQLException {
        routine("payroll", "DEFINER");
        routine("harmless", "INVOKER");
        ground.execute("GRANT EXECUTE ON %s.* TO %s".formatted(ground.database.name(), ground.tierSql));

        assertThat(ground.cured(Rule.DEFINER_ROUTINE).evidence())
                .contains("payroll has the rights of root@")
                .doesNotContain("harmless", "more");
    }

    @Test
    void a17ARoutineThatTheAdministratorIsNotShownIsTakenForTheWorse() throws SQLException {
        routine("hidden", "INVOKER");
        ground.execute("GRANT EXECUTE ON PROCEDURE hidden TO " + ground.tierSql);
        if (!ground.mariadb) {
            for (var right : ground.database.query("SHOW GRANTS FOR " + ground.administratorSql())) {
                if (right.contains(" ON *.* ") && (right.contains("SHOW_ROUTINE") || right.contains("GRANT SELECT"))) {
                    ground.execute("REVOKE %s ON *.* FROM %s"
                            .formatted(
                                    right.contains("SHOW_ROUTINE") ? "SHOW_ROUTINE" : "SELECT",
                                    ground.administratorSql()));
                }
            }
            assertThat(ground.cured(Rule.DEFINER_ROUTINE).evidence()).contains("is not shown to this administrator");
        }
    }

    private void routine(String name, String security) throws SQLException {
        ground.execute("CREATE PROCEDURE %s() SQL SECURITY %s SELECT 1".formatted(name, security));
    }

    @Test
    void a8TheRightToPassOnIsFoundOnEveryLevel() throws SQLException {
        for (var on : List.of("*.*", ground.database.name() + ".*", "orders", "PROCEDURE passed")) {
            if (on.startsWith("PROCEDURE")) {
                routine("passed", "INVOKER");
            }
            ground.execute("GRANT USAGE ON %s TO %s WITH GRANT OPTION".formatted(on, ground.tierSql));

            ground.cured(Rule.GRANT_OPTION);
            assertThat(ground.findings()).as(on).isEmpty();
        }
    }

    @Test
    void a9ProxyIsFoundAndWhatItLeavesBehind() throws SQLException {
        var other = ground.database.login("payroll");
        proxy(other.username(), ground.loginSql + " WITH GRANT OPTION");

        assertThat(ground.cured(Rule.MEMBERSHIP).what())
                .isEqualTo(ground.login.username() + " may act as " + other.username() + " by PROXY");
        assertThat(ground.findings()).extracting(Finding::code).allMatch("GRANT-OPTION"::equals);
    }

    /// MariaDB's first account may not pass PROXY on from the beginning, as MySQL's may.
    private void proxy(String as, String to) throws SQLException {
        if (ground.mariadb) {
            ground.execute(
                    "REPLACE INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user, With_grant, Grantor)"
                            + " VALUES ('localhost', 'root', '', '', 1, '')",
                    "FLUSH PRIVILEGES");
        }
        ground.execute("GRANT PROXY ON '%s'@'%%' TO %s".formatted(as, to));
    }

    @Test
    void a9WhoeverMayActAsTheLoginIsAnImpersonator() throws SQLException {
        var other = ground.database.login("stranger");
        proxy(ground.login.username(), "'%s'@'%%'".formatted(other.username()));

        assertThat(ground.cured(Rule.IMPERSONATOR).what()).startsWith(other.username() + " may act as");
    }

    @Test
    void a10WhatNobodyHoldsCountsForWhoeverComesFromThere() throws SQLException {
        ground.hosts = List.of("192.0.2.0/255.255.255.128", "10.1.%");
        ground.execute("RENAME USER %s TO '%s'@'10.1.%%'".formatted(ground.loginSql, ground.login.username()));
        ground.execute("CREATE USER ''@'192.0.2.200'");
        ground.execute("GRANT SELECT ON %s.* TO ''@'192.0.2.200'".formatted(ground.database.name()));
        try {
            assertThat(ground.findings()).isEmpty();

            ground.hosts = List.of("192.0.2.0/255.255.255.0", "10.1.%");
            assertThat(ground.cured(Rule.PUBLIC_GRANT).what()).startsWith("everybody has SELECT on everything");
        } finally {
            ground.execute("DROP USER ''@'192.0.2.200'");
        }
    }

    @Test
    void a10AnAccountWithoutANameTakesLoginsOver() throws SQLException {
        ground.execute("CREATE USER ''@'192.0.2.7'");
        try {
            ground.hosts = List.of("10.1.%");
            assertThat(ground.findings(ground.role, Rule.ACCOUNT_SHADOW)).isEmpty();

            ground.hosts = List.of("192.0.%");
            assertThat(ground.cured(Rule.ACCOUNT_SHADOW, ground.role).what())
                    .isEqualTo("whoever comes from 192.0.2.7 to an account at 192.0.% logs in as the account without a"
                            + " name there");
        } finally {
            ground.execute("DROP USER IF EXISTS ''@'192.0.2.7'");
        }
    }

    @Test
    void a11AnAccountOfTheLoginsNameAtAnotherHostIsFound() throws SQLException {
        ground.execute("CREATE USER '%s'@'127.0.0.1'".formatted(ground.login.username()));

        var finding = ground.cured(Rule.ACCOUNT_SHADOW);

        assertThat(finding.what()).contains("@127.0.0.1, which takes over", "does not have the agent's role");
        assertThat(ground.findings()).isEmpty();
    }

    @Test
    void a11OneThatLooksLikeTheLoginHasAnotherPassword() throws SQLException {
        var shadow = "'%s'@'127.0.0.1'".formatted(ground.login.username());
        ground.execute(
                "CREATE USER %s IDENTIFIED BY 'another-Word-1'".formatted(shadow),
                "ALTER USER %s WITH MAX_USER_CONNECTIONS 5".formatted(shadow),
                "GRANT %s TO %s".formatted(ground.roleSql, shadow));

        assertThat(ground.findings(ground.subject, Rule.ACCOUNT_SHADOW))
                .extracting(Finding::what)
                .hasSize(2)
                .allMatch(what -> what.contains("has not the password of the login's other accounts"));
        assertThat(ground.cured(Rule.LEASE_DRIFT).what()).contains("may come from 127.0.0.1, and the profile names %");
        assertThat(ground.findings()).isEmpty();
    }

    @Test
    void a12ARoleThatMustBeAskedForIsFound() throws SQLException {
        var other = ground.database.named("asked");
        ground.execute(
                "CREATE ROLE " + ground.sql(other), "GRANT %s TO %s".formatted(ground.sql(other), ground.loginSql));

        assertThat(ground.cured(Rule.MEMBERSHIP).what()).isEqualTo("bot can become by SET ROLE " + other);
        assertThat(ground.findings()).isEmpty();
    }

    @Test
    void a12ARoleOfTheAgentThatDoesNotActIsMissed() throws SQLException {
        ground.execute("SET DEFAULT ROLE NONE %s %s".formatted(ground.mariadb ? "FOR" : "TO", ground.loginSql));

        assertThat(ground.only(Rule.MEMBERSHIP_MISSING)).isPresent();
    }

    @Test
    void a13TheRightToEnrolOthersIsTakenAwayAndTheRoleStays() throws SQLException {
        ground.execute(
                "REVOKE %s FROM %s".formatted(ground.roleSql, ground.loginSql),
                "GRANT %s TO %s WITH ADMIN OPTION".formatted(ground.roleSql, ground.loginSql),
                "SET DEFAULT ROLE %s %s %s".formatted(ground.roleSql, ground.mariadb ? "FOR" : "TO", ground.loginSql));

        ground.cured(Rule.MEMBERSHIP_ADMIN);

        assertThat(ground.findings()).isEmpty();
    }

    @Test
    void a14ARoleThatEverybodyHasIsFoundAndOneThatIsNotThereIsNone() throws SQLException {
        if (ground.mariadb) {
            return;
        }
        var other = ground.database.named("everybodys");
        try {
            ground.execute("SET GLOBAL mandatory_roles = '%s'".formatted(other));
            assertThat(ground.findings()).isEmpty();

            ground.execute("CREATE ROLE " + ground.sql(other));
            assertThat(ground.only(Rule.MEMBERSHIP).orElseThrow().what())
                    .isEqualTo("bot can become by SET ROLE " + other);

            ground.execute("SET GLOBAL activate_all_roles_on_login = ON");
            assertThat(ground.cured(Rule.MEMBERSHIP).what()).isEqualTo("bot has all that " + other + " may do");
        } finally {
            ground.execute(
                    "SET GLOBAL mandatory_roles = ''",
                    "RESET PERSIST IF EXISTS mandatory_roles",
                    "SET GLOBAL activate_all_roles_on_login = OFF");
        }
    }

    @Test
    void a15WhatThePublicOfMariaDbMayExecuteIsFound() throws SQLException {
        if (ground.mariadb) {
            routine("payroll", "DEFINER");
            ground.execute("GRANT EXECUTE ON PROCEDURE payroll TO PUBLIC");

            assertThat(ground.cured(Rule.PUBLIC_EXECUTE).severity()).isEqualTo(Severity.CRITICAL);
        }
    }

    @Test
    void a15ARoleThatThePublicOfMariaDbHasIsTakenFromIt() throws SQLException {
        if (ground.mariadb) {
            var other = ground.database.named("other");
            ground.execute("CREATE ROLE " + ground.sql(other), "GRANT SELECT ON secrets TO " + ground.sql(other));
            ground.execute("GRANT %s TO PUBLIC".formatted(ground.sql(other)));

            assertThat(ground.cured(Rule.MEMBERSHIP).what()).isEqualTo("everybody has all that " + other + " may do");
        }
    }

    /// A row is enough, without a library: the server would load it when it starts again.
    @Test
    void a30AFunctionOfALibraryIsFound() throws SQLException {
        var name = ground.database.named("sys_eval");
        ground.execute("INSERT INTO mysql.func VALUES ('%s', 0, 'none.so', 'function')".formatted(name));
        try {
            var finding = ground.only(Rule.LOADABLE_FUNCTION).orElseThrow();
            assertThat(finding.what())
                    .isEqualTo("every login may call " + name
                            + ", which runs what library none.so holds in the server itself");
            assertThat(finding.mend()).containsExactly("DROP FUNCTION `" + name + "`");
        } finally {
            ground.execute("DELETE FROM mysql.func WHERE name = '%s'".formatted(name));
        }
        assertThat(ground.only(Rule.LOADABLE_FUNCTION)).isEmpty();
    }

    @Test
    void a16AViewThatReadsAsItsDefinerIsFoundByWhateverOpensIt() throws SQLException {
        ground.execute(
                "CREATE VIEW words AS SELECT word FROM secrets",
                "CREATE SQL SECURITY INVOKER VIEW mine AS SELECT word FROM secrets",
                "GRANT SELECT ON %s.* TO %s".formatted(ground.database.name(), ground.tierSql));

        assertThat(ground.only(Rule.DEFINER_VIEW).orElseThrow().what())
                .contains(ground.database.name() + ".words with the rights of root@");
    }

    @Test
    void a18ATriggerIsFoundWhereTheAgentFiresItAndToldWhereItIsNotShown() throws SQLException {
        ground.execute("CREATE TRIGGER watch BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = 1");
        assertThat(ground.findings()).as("a reader fires nothing").isEmpty();

        ground.given = Set.of(Privilege.SELECT, Privilege.INSERT);
        ground.execute("GRANT INSERT ON orders TO " + ground.tierSql);
        var blind = blind();
        assertThat(blind.what())
                .isEqualTo("triggers in %s, which may fire on what bot writes, are not shown to this administrator"
                        .formatted(ground.database.name()));
        assertThat(ground.findings()).isEmpty();

        ground.execute(blind.mend().toArray(String[]::new));
        assertThat(ground.only(Rule.DEFINER_TRIGGER).orElseThrow().what())
                .startsWith("what bot writes to %s fires trigger watch, which acts with the rights of root@"
                        .formatted(ground.orders.display()));
        assertThat(ground.findings(ground.subject))
                .extracting(Finding::what)
                .noneMatch(what -> what.contains("triggers"));
    }

    @Test
    void a18ATriggersTextIsRemembered() throws SQLException {
        ground.given = Set.of(Privilege.SELECT, Privilege.INSERT);
        ground.execute(
                "GRANT TRIGGER ON %s.* TO %s".formatted(ground.database.name(), ground.administratorSql()),
                "CREATE TRIGGER watch BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = 1");
        var before = definitions();

        ground.execute(
                "DROP TRIGGER watch", "CREATE TRIGGER watch BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = 2");

        assertThat(definitions()).hasSize(1).isNotEqualTo(before);
    }

    private List<dev.agentroles.engine.Definition> definitions() throws SQLException {
        try (var session = Session.open(ground.database.target(ground.administrator), ground.dialect())) {
            return ground.witness(session)
                    .examine(ground.subject, ground.state())
                    .reliedOn();
        }
    }

    private Finding blind() throws SQLException {
        return ground.findings(ground.subject).stream()
                .filter(finding -> finding.code().equals("WITNESS-BLIND")
                        && !finding.what().contains("memory"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a16AViewsTextThatIsNotShownIsTold() throws SQLException {
        ground.execute("CREATE VIEW words AS SELECT word FROM secrets", "GRANT SELECT ON words TO " + ground.tierSql);

        var blind = blind();

        assertThat(blind.what()).contains("the texts of views in " + ground.database.name());
        ground.execute(blind.mend().toArray(String[]::new));
        if (ground.database.server().release().version().equals("8.0")) {
            return;
        }
        assertThat(ground.findings(ground.subject)).extracting(Finding::what).noneMatch(what -> what.contains("texts"));
        ground.cured(Rule.DEFINER_VIEW);
    }

    @Test
    void a19CodeWhoseDefinerIsGoneIsFound() throws SQLException {
        var ghost = "'%s'@'localhost'".formatted(ground.database.named("ghost"));
        ground.execute(
                "CREATE DEFINER=%s VIEW words AS SELECT word FROM secrets".formatted(ghost),
                "GRANT SELECT ON words TO " + ground.tierSql,
                "CREATE DEFINER=%s PROCEDURE run() SELECT 1".formatted(ghost),
                "GRANT EXECUTE ON PROCEDURE run TO " + ground.tierSql);

        assertThat(ground.findings(ground.subject, Rule.DEFINER_GONE)).hasSize(2);
        ground.cured(Rule.DEFINER_GONE);
    }

    @Test
    void a22AndA26WritingWhereTheServerKeepsItsCodeIsCritical() throws SQLException {
        ground.execute("GRANT INSERT ON mysql.plugin TO " + ground.tierSql);

        assertThat(ground.cured(Rule.CATALOG_GRANT).severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void a23WhatATableLetsDoBesideItsRowsIsFound() throws SQLException {
        var words = "DROP, ALTER, INDEX, REFERENCES, TRIGGER";
        ground.execute("GRANT %s ON orders TO %s".formatted(words, ground.tierSql));

        assertThat(ground.cured(Rule.GRANT_EXCESS).what()).contains("ALTER, DROP, INDEX, REFERENCES, TRIGGER");
        assertThat(ground.findings()).isEmpty();
    }

    @Test
    void a24ASecondPasswordIsFound() throws SQLException {
        ground.execute(
                ground.mariadb
                        ? "ALTER USER %s IDENTIFIED VIA mysql_native_password USING '*%s' OR unix_socket"
                                .formatted(ground.loginSql, "A".repeat(40))
                        : "ALTER USER %s IDENTIFIED BY 'another-Word-1' RETAIN CURRENT PASSWORD"
                                .formatted(ground.loginSql));

        var found = ground.only(Rule.SECOND_PASSWORD).orElseThrow();

        assertThat(found.what()).contains(ground.mariadb ? "a second method" : "a second password");
        ground.execute(found.mend().getFirst());
        if (!ground.mariadb) {
            assertThat(ground.findings()).isEmpty();
        }
    }

    @Test
    void a24AnEmptyPasswordAndLimitsThatWereLiftedAreFound() throws SQLException {
        ground.execute(
                "ALTER USER %s IDENTIFIED BY ''".formatted(ground.loginSql),
                "ALTER USER %s WITH MAX_USER_CONNECTIONS 0".formatted(ground.loginSql));

        assertThat(ground.only(Rule.SECOND_PASSWORD).orElseThrow().what()).contains("an empty password");
        assertThat(ground.cured(Rule.LEASE_DRIFT).what()).contains("any number of sessions");
    }

    @Test
    void a24ARoleThatLogsInIsFound() throws SQLException {
        if (!ground.mariadb) {
            ground.execute("ALTER USER %s ACCOUNT UNLOCK".formatted(ground.roleSql));

            ground.cured(Rule.GROUP_LOGIN);
            assertThat(ground.findings()).isEmpty();
        }
    }

    @Test
    void a27ATableOfTablesIsFound() throws SQLException {
        ground.execute(
                "CREATE TABLE hidden (id int PRIMARY KEY, total int) ENGINE=MyISAM",
                "DROP TABLE orders",
                "CREATE TABLE orders (id int, total int, KEY (id)) ENGINE=MERGE UNION=(hidden)");

        assertThat(ground.only(Rule.TABLE_ELSEWHERE).orElseThrow().what())
                .isEqualToIgnoringCase("bot uses %s, whose rows the engine MRG_MYISAM keeps elsewhere"
                        .formatted(ground.orders.display()));
    }

    @Test
    void a28AGrantThatOutlivesItsTableIsFound() throws SQLException {
        ground.execute("GRANT DELETE ON secrets TO " + ground.tierSql, "DROP TABLE secrets");

        assertThat(ground.only(Rule.GRANT_EXCESS).orElseThrow().what())
                .endsWith("has DELETE on " + ground.secrets.display());
    }
}
