package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.TestDatabase;
import dev.agentroles.ledger.Journal;
import dev.agentroles.ledger.Ledger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// A shop with two agents and their profile `shop.yaml`, on whatever engine: the ground on which things go
/// wrong.
interface LeaseGround extends AutoCloseable {
    /// On the newest PostgreSQL, MySQL and MariaDB, with a file for the logins.
    static Stream<Named<CrashMatrix.Grounds>> newest() {
        var postgresql = Named.<CrashMatrix.Grounds>of(PostgreSql.newest().toString(), Ground::onFile);
        var others = MySql.newest().stream()
                .map(server -> Named.<CrashMatrix.Grounds>of(
                        server.release().toString(), folder -> new MySqlGround(server, folder)));
        return Stream.concat(Stream.of(postgresql), others);
    }

    TestDatabase database();

    /// Whose statements the ledger takes.
    String ledger();

    Operator operator();

    /// Whose logins are looked at.
    String agent();

    /// Whose login is issued first.
    String other();

    /// Leases with other terms from now on.
    void terms(String terms) throws IOException;

    /// An agent is in the profile no longer.
    default void without(String agent) throws IOException {
        operator().edit("shop.yaml", text -> text.replaceFirst("  " + agent + ":\n(    .*\n)+", ""));
    }

    /// Runs a command that must end well.
    default Operator.Said clean(String... arguments) {
        return ends(0, arguments);
    }

    /// Runs a command that must end with this exit code.
    default Operator.Said ends(int code, String... arguments) {
        return operator().ends(code, arguments);
    }

    default StorePath path(String agent) {
        return operator().path(agent);
    }

    default Optional<Login> published(String agent) {
        return operator().secret(agent).map(secret -> new Login(secret.username(), secret.password()));
    }

    /// Of what is published.
    default long version(String agent) {
        try (var store = operator().store()) {
            return store.read(path(agent)).version();
        }
    }

    default Connection connect(String agent) throws SQLException {
        return database().connect(published(agent).orElseThrow());
    }

    boolean works(Login login);

    /// Whether what is published works, or is to be erased.
    default boolean publishedWorksOrIsOwed(String agent) throws SQLException {
        var login = published(agent);
        return login.isEmpty() || works(login.get()) || owed().contains("ERASE_SECRET " + path(agent));
    }

    /// As if the end of an agent's lease had come a minute ago.
    default void expire(String agent, long version) throws SQLException {
        expire("agent = '%s' AND store_version = %d".formatted(agent, version));
    }

    /// As if the end of an agent's lease had come so long ago that `reap` should have been there, and the server did
    /// not end its login.
    default void overdue(String agent, long version) throws SQLException {
        expire(agent, version);
        database()
                .execute(
                        "UPDATE agentroles.lease SET expires_at = expires_at - INTERVAL '10' MINUTE WHERE agent = '%s' AND store_version = %d"
                                .formatted(agent, version));
    }

    /// As if the end of some leases had come a minute ago.
    ///
    /// @param which a condition on rows of the ledger's `lease`
    void expire(String which) throws SQLException;

    /// As if the overlap of each rotation were over: of each agent only the login that is published is left.
    default void overlapsAreOver() throws SQLException {
        expire(Stream.of(agent(), other())
                .map(agent -> published(agent).orElseThrow().username())
                .collect(Collectors.joining("', '", "state = 'PUBLISHED' AND login NOT IN ('", "')")));
        clean("reap", "shop.yaml");
    }

    /// Somebody drops a login by hand.
    void drop(Login login) throws SQLException;

    /// Somebody drops a role by hand.
    default void drop(RoleName role) throws SQLException {
        var quote = ledger().equals("postgresql") ? "\"" : "`";
        database().execute("DROP ROLE " + quote + role + quote);
    }

    /// The administrator's sessions, by the server's numbers.
    List<String> sessions() throws SQLException;

    /// The server ends a session, and has ended it.
    void endSession(String session) throws SQLException;

    /// The server ends all sessions of the administrator.
    default void endOurSessions() {
        try {
            for (var session : sessions()) {
                endSession(session);
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /// Whether the administrator waits for a row that somebody else has locked.
    boolean waits() throws SQLException;

    /// The server does nothing for a fifth of a second.
    void pause() throws SQLException;

    /// Comes back when that is so.
    default void await(String what, Condition condition) throws Exception {
        for (int looks = 0; !condition.holds(); looks++) {
            assertThat(looks).as("waited 30 s until " + what).isLessThan(150);
            pause();
        }
    }

    /// What may become so.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /// Until it is closed, nothing can be written to the journal.
    default Connection holdJournal() throws SQLException {
        var session = database().superuser();
        session.setAutoCommit(false);
        try (var statement = session.createStatement()) {
            statement.execute("SELECT seq FROM agentroles.journal_head FOR UPDATE");
            return session;
        }
    }

    /// Until it is closed, the login cannot be dropped.
    AutoCloseable holdBack(String login) throws SQLException;

    List<String> logins() throws SQLException;

    List<String> owed() throws SQLException;

    /// Server and ledger know the same logins.
    void sameLogins(String what) throws SQLException;

    /// Server and ledger know the same logins; nothing is owed, and the journal is whole.
    default void serverAndLedgerAgree(String what) throws SQLException {
        sameLogins(what);
        assertThat(database().query("SELECT id FROM agentroles.lease WHERE state = 'ISSUED'"))
                .as(what)
                .isEmpty();
        assertThat(owed()).as(what).isEmpty();
        try (var session = database().connect(operator().administrator())) {
            var journal = Ledger.on(session, ledger()).journal();
            assertThat(journal.firstBreak()).as(what).isEmpty();
            assertThat(doneWithoutHavingBegun(journal)).as(what).isEmpty();
        }
    }

    /// Acts on something outside of the journal's own transaction are in it before and after.
    private List<String> doneWithoutHavingBegun(Journal journal) throws SQLException {
        // Sessions that lasted too long are counted once they have ended, and a verification tells what it found. On
        // PostgreSQL the rest is one transaction with what it says.
        var one = ledger().equals("postgresql")
                ? Set.of("end-sessions", "verify", "issue", "program", "probe", "close", "retire")
                : Set.of("end-sessions", "verify");
        var begun = new HashSet<List<String>>();
        var alone = new ArrayList<String>();
        journal.read(0, (number, entry) -> {
            var act = List.of(
                    entry.action(),
                    entry.agent().orElse(""),
                    // Whoever begins to rotate has no lease yet.
                    entry.lease().filter(_ -> !entry.action().equals("rotate")).orElse(""),
                    entry.action().equals("settle") ? entry.detail() : "");
            if (entry.outcome().equals("begun")) {
                begun.add(act);
            } else if (entry.outcome().equals("done") && !begun.contains(act) && !one.contains(entry.action())) {
                alone.add(number + ": " + act);
            }
            return true;
        });
        return alone;
    }

    /// What is published works, server and ledger agree, and nothing is left to reap or to apply.
    default void everythingIsInOrder(String what) throws SQLException {
        assertThat(operator().run("reap", "shop.yaml").out()).as(what).isEqualTo("Nothing to reap.\n");
        for (var agent : List.of(agent(), other())) {
            assertThat(works(published(agent).orElseThrow()))
                    .as("%s: what %s reads works", what, agent)
                    .isTrue();
        }
        serverAndLedgerAgree(what);
        assertThat(operator().run("plan", "shop.yaml").code()).as(what).isZero();
    }

    /// Once the trouble is over, the next runs put everything in order.
    default void recovers() throws SQLException {
        operator().dieAt(FaultPoints.NONE);
        clean("reap", "shop.yaml");
        clean("rotate", "shop.yaml");
        everythingIsInOrder("afterwards");
    }

    @Override
    default void close() throws SQLException {
        database().close();
    }
}
