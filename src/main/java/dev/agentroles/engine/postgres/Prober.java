package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.ProbeReport.Attempt;
import dev.agentroles.engine.ProbeReport.Need;
import dev.agentroles.engine.ProbeReport.Outcome;
import dev.agentroles.engine.ProbeReport.Told;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;

/// The second witness: an agent's own session. Each probe has a transaction of its own that is rolled back.
final class Prober {
    /// Relations tried in scope, and as many out of it: the first and the last of each schema, however many
    /// schemas there are, then a fixed choice.
    private static final int SAMPLE = 25;

    private static final int DATABASES = 20;

    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/?]*/)([^?]*)(\\?.*)?");

    /// The class of errors in names, types and rights.
    private static final String SYNTAX_OR_ACCESS = "42";

    /// The class of the write guard's refusals.
    private static final String GUARD = "AR";

    /// What was listed has gone since: a value of no parameter is a role that SET ROLE does not find.
    private static final Set<String> GONE = Set.of(
            SqlStates.UNDEFINED_TABLE,
            SqlStates.UNDEFINED_COLUMN,
            SqlStates.UNDEFINED_OBJECT,
            SqlStates.INVALID_SCHEMA_NAME,
            SqlStates.INVALID_CATALOG_NAME,
            SqlStates.INVALID_PARAMETER_VALUE);

    /// At login.
    private static final Set<String> NO_ENTRY = Set.of(
            SqlStates.INSUFFICIENT_PRIVILEGE,
            SqlStates.INVALID_AUTHORIZATION_SPECIFICATION,
            SqlStates.INVALID_PASSWORD);

    private final Target login;
    private final Intended intended;

    Prober(Target login, Subject subject, AccessState state) {
        this.login = login;
        this.intended = Intended.of(subject, state);
    }

    ProbeReport probe() throws SQLException {
        try (var session = PostgresEngine.open(login.url(), PostgresEngine.properties(login))) {
            var names = surroundings(session);
            var here = names.getOrDefault("here", List.of()).getFirst();
            var relations = relations(session);
            var sample = sample(session, relations);
            var list = new ProbeList(intended, here, session.getMetaData().getDatabaseMajorVersion());
            sample.forEach(list::relation);
            list.schemas(names.getOrDefault("schema", List.of()));
            list.roles(names.getOrDefault("role", List.of()));
            list.wrappers(names.getOrDefault("wrapper", List.of()));
            list.everywhere();
            prepare(session);
            var attempts = new ArrayList<Attempt>();
            for (var probe : list.probes()) {
                attempt(session, probe).ifPresent(attempts::add);
            }
            names.getOrDefault("database", List.of()).stream()
                    .limit(DATABASES)
                    .map(this::connect)
                    .flatMap(Optional::stream)
                    .forEach(attempts::add);
            return new ProbeReport(relations.size(), sample.size(), attempts);
        }
    }

    /// What is rolled back takes none of this with it.
    private static void prepare(Connection session) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE;"
                    + " SET lock_timeout = '300ms'; SET statement_timeout = '5s'");
        }
        session.setAutoCommit(false);
    }

    private static Map<String, List<String>> surroundings(Connection session) throws SQLException {
        var names = new LinkedHashMap<String, List<String>>();
        try (var query = session.createStatement();
                var rows = query.executeQuery(Sql.resource("probe-surroundings.sql"))) {
            while (rows.next()) {
                names.computeIfAbsent(rows.getString("kind"), _ -> new ArrayList<>())
                        .add(rows.getString("name"));
            }
        }
        return names;
    }

    private record Row(long oid, Securable.Relation name, String kind, int chance) {}

    private static List<Row> relations(Connection session) throws SQLException {
        var relations = new ArrayList<Row>();
        try (var query = session.createStatement();
                var rows = query.executeQuery(Sql.resource("probe-relations.sql"))) {
            while (rows.next()) {
                relations.add(new Row(
                        rows.getLong("oid"),
                        new Securable.Relation(rows.getString("schema"), rows.getString("name")),
                        rows.getString("kind"),
                        rows.getInt("chance")));
            }
        }
        return relations;
    }

    private List<ProbeList.Relation> sample(Connection session, List<Row> relations) throws SQLException {
        var chosen = new LinkedHashSet<Row>();
        chosen.addAll(choice(
                relations.stream().filter(row -> intended.reaches(row.name())).toList()));
        chosen.addAll(choice(
                relations.stream().filter(row -> !intended.reaches(row.name())).toList()));
        var oids = session.createArrayOf("oid", chosen.stream().map(Row::oid).toArray(Long[]::new));
        var columns = new LinkedHashMap<Long, List<String>>();
        try (var query = session.prepareStatement(Sql.resource("probe-columns.sql"))) {
            query.setArray(1, oids);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.computeIfAbsent(rows.getLong("oid"), _ -> new ArrayList<>())
                            .add(rows.getString("name"));
                }
            }
        }
        var reads = readsOfViews(session, oids);
        return chosen.stream()
                .map(row -> new ProbeList.Relation(
                        row.oid(),
                        row.name(),
                        row.kind(),
                        columns.getOrDefault(row.oid(), List.of()),
                        reads.getOrDefault(row.oid(), List.of())))
                .toList();
    }

    private static Map<Long, List<Securable>> readsOfViews(Connection session, Array oids) throws SQLException {
        var reads = new LinkedHashMap<Long, List<Securable>>();
        try (var query = session.prepareStatement(Sql.resource("probe-view-reads.sql"))) {
            query.setArray(1, oids);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    reads.computeIfAbsent(rows.getLong("oid"), _ -> new ArrayList<>())
                            .add(CatalogWords.part(
                                    rows.getString("schema"), rows.getString("name"), rows.getString("column_name")));
                }
            }
        }
        return reads;
    }

    private static Set<Row> choice(List<Row> rows) {
        var chosen = new LinkedHashSet<Row>();
        var bySchema = new LinkedHashMap<String, List<Row>>();
        rows.forEach(row -> bySchema.computeIfAbsent(row.name().schema(), _ -> new ArrayList<>())
                .add(row));
        bySchema.values().forEach(schema -> {
            chosen.add(schema.getFirst());
            chosen.add(schema.getLast());
        });
        var others = rows.stream()
                .filter(row -> !chosen.contains(row))
                .sorted(Comparator.comparingInt(Row::chance))
                .limit(Math.max(0, SAMPLE - chosen.size()))
                .toList();
        chosen.addAll(others);
        return chosen;
    }

    /// Tries once, and once more if something passing came between.
    ///
    /// @return nothing if what was to be tried is not there any more
    private static Optional<Attempt> attempt(Connection session, Probe probe) throws SQLException {
        var first = once(session, probe);
        return first.isPresent() && first.get().outcome() == Outcome.UNDECIDED ? once(session, probe) : first;
    }

    /// Where the session is lost, what came first is not hidden.
    private static Optional<Attempt> once(Connection session, Probe probe) throws SQLException {
        try (var _ = (SqlCloseable) session::rollback) {
            return tried(session, probe);
        }
    }

    private static Optional<Attempt> tried(Connection session, Probe probe) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute(probe.sql());
            return switch (probe.reading()) {
                case NO_ERROR -> Optional.of(attempted(probe, Outcome.ALLOWED, ""));
                case NO_WARNING ->
                    Optional.of(Optional.ofNullable(statement.getWarnings())
                            .map(warning -> attempted(probe, Outcome.REFUSED, said(warning)))
                            .orElseGet(() -> attempted(probe, Outcome.ALLOWED, "")));
                case VALUE ->
                    truth(statement).map(allowed -> attempted(probe, allowed ? Outcome.ALLOWED : Outcome.REFUSED, ""));
            };
        } catch (SQLException said) {
            return outcome(probe, said).map(outcome -> attempted(probe, outcome, said(said)));
        }
    }

    /// Nothing if the server says neither: it knows no object of that oid.
    private static Optional<Boolean> truth(java.sql.Statement statement) throws SQLException {
        try (var row = statement.getResultSet()) {
            row.next();
            return Optional.ofNullable(row.getObject(1, Boolean.class));
        }
    }

    private static Optional<Outcome> outcome(Probe probe, SQLException said) {
        var state = String.valueOf(said.getSQLState());
        if (state.startsWith(SYNTAX_OR_ACCESS) && inGuard(said)) {
            return Optional.of(Outcome.BROKEN);
        }
        if (state.equals(SqlStates.INSUFFICIENT_PRIVILEGE) || state.startsWith(GUARD)) {
            return Optional.of(Outcome.REFUSED);
        }
        if (!GONE.contains(state)) {
            return Optional.of(Outcome.UNDECIDED);
        }
        return probe.canary()
                .filter(String.valueOf(said.getMessage())::contains)
                .map(_ -> Outcome.ALLOWED);
    }

    /// Whether code of the guard met the error, by the server's context of it.
    private static boolean inGuard(SQLException said) {
        return said instanceof PSQLException server
                && server.getServerErrorMessage() != null
                && String.valueOf(server.getServerErrorMessage().getWhere()).contains(GuardSql.SCHEMA + ".");
    }

    private static String said(SQLException said) {
        return said.getSQLState() + " " + said.getMessage();
    }

    private static Attempt attempted(Probe probe, Outcome outcome, String answer) {
        return new Attempt(probe.what(), probe.sql(), probe.promised(), outcome, answer, probe.needs(), probe.told());
    }

    private Optional<Attempt> connect(String database) {
        var what = "connect to database " + database;
        var needs = List.of(new Need(Privilege.CONNECT, new Securable.Database(database)));
        var told = Told.by(
                        Rule.PUBLIC_CONNECT,
                        Rule.OTHER_DATABASE,
                        Rule.OWNERSHIP,
                        Rule.MEMBERSHIP,
                        Rule.PREDEFINED_ROLE,
                        Rule.SUPERUSER)
                .on(List.of(new Securable.Database(database)));
        var parts = URL.matcher(login.url());
        if (!parts.matches()) {
            return Optional.of(
                    new Attempt(what, "", false, Outcome.UNDECIDED, "the URL names no host and database", needs, told));
        }
        var url = parts.group(1)
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20")
                + Optional.ofNullable(parts.group(3)).orElse("");
        try (var session = PostgresEngine.open(url, PostgresEngine.properties(login))) {
            return Optional.of(new Attempt(
                    what,
                    "connect",
                    false,
                    Outcome.ALLOWED,
                    "as " + session.getMetaData().getUserName(),
                    needs,
                    told));
        } catch (SQLException refused) {
            var state = String.valueOf(refused.getSQLState());
            var outcome = NO_ENTRY.contains(state) ? Outcome.REFUSED : Outcome.UNDECIDED;
            return GONE.contains(state)
                    ? Optional.empty()
                    : Optional.of(new Attempt(what, "connect", false, outcome, said(refused), needs, told));
        }
    }
}
