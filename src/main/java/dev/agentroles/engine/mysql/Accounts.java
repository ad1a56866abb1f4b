package dev.agentroles.engine.mysql;

import dev.agentroles.access.Attributes;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Rows;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The accounts of a server whose name begins like those of one entry of a profile, and those without a
/// name. A role or login of ours may be several accounts, one for each host; it is told as one.
///
/// @param all by name
/// @param anonymous the hosts of accounts without a name, which take logins over
record Accounts(Map<RoleName, Account> all, List<String> anonymous) {
    /// There is no ledger yet.
    static final List<Integer> NO_LEDGER = List.of(ServerErrors.ER_NO_SUCH_TABLE, ServerErrors.ER_BAD_DB_ERROR);

    Accounts {
        all = Map.copyOf(all);
        anonymous = List.copyOf(anonymous);
    }

    /// @param hosts where it is, sorted
    /// @param attributes of all its accounts together
    /// @param mark "" if it has none
    /// @param expiresAt by the ledger
    /// @param connections how many sessions it may have at once; empty: any number
    /// @param statementTimeout how long a statement of it may run; empty: any time
    record Account(
            RoleName name,
            List<String> hosts,
            Attributes attributes,
            String mark,
            Optional<Instant> expiresAt,
            OptionalInt connections,
            Optional<Duration> statementTimeout) {
        Account {
            hosts = List.copyOf(hosts);
        }

        /// What it is of ours, in this environment and database.
        Optional<Mark> mark(String environment, String database) {
            return Mark.parse(mark)
                    .filter(parsed -> parsed.environment().equals(environment)
                            && parsed.database().equals(database));
        }
    }

    private record Remembered(String mark, Optional<Instant> expiresAt) {}

    /// @param prefix what names of ours begin with
    static Accounts read(Connection connection, Dialect dialect, String prefix) throws SQLException {
        var remembered = remembered(connection);
        var anonymous = new ArrayList<String>();
        var all = new LinkedHashMap<RoleName, Account>();
        try (var statement = connection.prepareStatement(dialect.accounts())) {
            statement.setString(1, Like.escape(prefix) + "%");
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var name = row.getString("name");
                    var host = row.getString("host");
                    if (name.isEmpty()) {
                        anonymous.add(host);
                        continue;
                    }
                    var known = remembered.getOrDefault(name, new Remembered("", Optional.empty()));
                    var mark = dialect.marksAccounts()
                            ? Optional.ofNullable(row.getString("mark")).orElse("")
                            : known.mark();
                    var powers = new TreeSet<>(words(row.getString("powers")));
                    all.merge(
                            new RoleName(name),
                            new Account(
                                    new RoleName(name),
                                    List.of(host),
                                    new Attributes(!row.getBoolean("locked"), true, powers),
                                    mark,
                                    known.expiresAt(),
                                    Rows.number(row, "connections"),
                                    Optional.ofNullable(row.getBigDecimal("statement_seconds"))
                                            .map(Accounts::seconds)),
                            Accounts::together);
                }
            }
        }
        return new Accounts(all, anonymous);
    }

    /// Logins that are called as those of leases, without any mark. For the caller to change.
    ///
    /// @param entry the database's name in the profile
    Set<RoleName> unmarkedLeases(String entry) {
        return all.values().stream()
                .filter(account ->
                        account.mark().isEmpty() && account.attributes().login())
                .map(Account::name)
                .filter(name -> Naming.isLeaseLogin(entry, name))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /// An account of the same name without our mark makes the whole one that is not ours.
    private static Account together(Account one, Account other) {
        var hosts = new ArrayList<>(one.hosts());
        hosts.addAll(other.hosts());
        var powers = new TreeSet<>(one.attributes().powers());
        powers.addAll(other.attributes().powers());
        return new Account(
                one.name(),
                hosts,
                new Attributes(one.attributes().login() || other.attributes().login(), true, powers),
                one.mark().equals(other.mark()) ? one.mark() : "",
                one.expiresAt(),
                one.connections(),
                one.statementTimeout());
    }

    private static Duration seconds(BigDecimal seconds) {
        return Duration.ofMillis(seconds.movePointRight(3).longValue());
    }

    private static Map<String, Remembered> remembered(Connection connection) throws SQLException {
        var remembered = new HashMap<String, Remembered>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.resource("marks.sql"))) {
            while (row.next()) {
                remembered.put(
                        row.getString("name"),
                        new Remembered(
                                row.getString("mark"),
                                Optional.ofNullable(row.getObject("expires_at", OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant)));
            }
        } catch (SQLException refused) {
            if (!NO_LEDGER.contains(refused.getErrorCode())) {
                throw refused;
            }
        }
        return remembered;
    }

    /// What stands between commas.
    static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }
}
