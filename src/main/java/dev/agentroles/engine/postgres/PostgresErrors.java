package dev.agentroles.engine.postgres;

import dev.agentroles.access.Naming;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Problem;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;

/// What the server or the driver said, in words: which database, whose fault, what to do.
final class PostgresErrors {
    private static final Set<String> FOR_NOW = Set.of(SqlStates.TOO_MANY_CONNECTIONS, SqlStates.CANNOT_CONNECT_NOW);

    private PostgresErrors() {}

    /// Whether a session was refused because there are as many as there may be, or because the server starts or
    /// recovers.
    static boolean refusesForNow(SQLException said) {
        return FOR_NOW.contains(String.valueOf(said.getSQLState()));
    }

    /// What a login was told that did not come in. A name that the server does not know and a wrong password are told
    /// alike, with SQLSTATE class 28, invalid authorization (SQL:2023, part 2, 24.1). All of a login is made in one
    /// transaction, and its database is older, so that on a replica nothing else comes later.
    static Logins.Proof.Verdict verdict(SQLException said) {
        return String.valueOf(said.getSQLState()).startsWith("28")
                ? Logins.Proof.Verdict.NOT_YET
                : Logins.Proof.Verdict.UNREACHED;
    }

    static Problem describe(SQLException said, Target target) {
        // What the driver says of a batch is about the batch; the next one is what the server said.
        if (said instanceof BatchUpdateException && said.getNextException() != null) {
            return describe(said.getNextException(), target);
        }
        var where = "database " + target.name() + " at " + address(target.url());
        var state = String.valueOf(said.getSQLState());
        var text = Said.firstLine(said);
        return switch (state) {
            case SqlStates.INVALID_PASSWORD ->
                Problem.of(where + " refused the password of " + target.username())
                        .remedy("check this login's username and password in the profile");
            case SqlStates.INVALID_AUTHORIZATION_SPECIFICATION ->
                Problem.of(where + " does not let " + target.username() + " log in from here: " + text)
                        .remedy("check the role's LOGIN attribute and pg_hba.conf on the server");
            case SqlStates.INVALID_CATALOG_NAME ->
                Problem.of(where + " does not exist on that server: " + text).remedy("check the last part of the URL");
            case SqlStates.SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION,
                    SqlStates.SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION,
                    SqlStates.CONNECTION_FAILURE -> unreachable(said, where, text);
            case SqlStates.PROTOCOL_VIOLATION ->
                Problem.of(where + " does not answer as a PostgreSQL server does: " + text)
                        .remedy(
                                "check that host and port of the URL lead to PostgreSQL itself, and not to a connection pooler or"
                                        + " another server");
            case SqlStates.CONNECTION_DOES_NOT_EXIST, SqlStates.ADMIN_SHUTDOWN, SqlStates.CRASH_SHUTDOWN ->
                Problem.of(where + " ended our session: " + text).remedy("run again when the server is well");
            case SqlStates.TOO_MANY_CONNECTIONS ->
                Problem.of(where + " has no connection left: " + text).remedy(room(text, target));
            case SqlStates.CANNOT_CONNECT_NOW ->
                Problem.of(where + " is starting up or shutting down").remedy("run again in a moment");
            case SqlStates.LOCK_NOT_AVAILABLE, SqlStates.SERIALIZATION_FAILURE, SqlStates.DEADLOCK_DETECTED ->
                Problem.of(where + ": other sessions held what was needed: " + text)
                        .remedy("run again when they have ended; apply waits longer with --lock-timeout");
            case SqlStates.QUERY_CANCELED ->
                Problem.of(where + ": a statement took too long and was stopped: " + text)
                        .remedy("run again when the server has less to do");
            case SqlStates.INSUFFICIENT_PRIVILEGE ->
                isOfLogin(said)
                        ? Problem.of(where + " does not let " + target.username() + " in: " + text)
                                .remedy("its owner must GRANT CONNECT ON DATABASE to "
                                        + Sql.identifier(target.username()))
                        : Problem.of(where + " does not allow " + target.username() + " to do this: " + text)
                                .remedy("agentroles plan lists the rights that are missing, agentroles init all that an"
                                        + " administrator needs");
            case SqlStates.READ_ONLY_SQL_TRANSACTION ->
                Problem.of(where + " takes no writes: it is a replica or read-only")
                        .remedy(ServerIdentity.WRITE_ELSEWHERE);
            case SqlStates.UNDEFINED_OBJECT ->
                Problem.of(where + " lacks what agentroles made or what the profile names: " + text)
                        .remedy("agentroles plan shows what is missing, and apply makes what is ours anew");
            case SqlStates.DEPENDENT_OBJECTS_STILL_EXIST ->
                Problem.of(where + ": " + text + ": " + dependents(said))
                        .remedy(
                                "give these away or drop them, there (REASSIGN OWNED, DROP OWNED), and revoke privileges"
                                        + " that are still there then as who gave them (SET ROLE), then run again");
            default -> Problem.of(where + ": " + text + " (SQLSTATE " + state + ")");
        };
    }

    /// Whether the server said it before there was a session. Severities are translated, names of its functions not.
    private static boolean isOfLogin(SQLException said) {
        return said instanceof PSQLException refused
                && refused.getServerErrorMessage() != null
                && "CheckMyDatabase".equals(refused.getServerErrorMessage().getRoutine());
    }

    /// The server keeps connections for superusers and, from 16 on, for whom its administrator chose.
    private static String room(String text, Target target) {
        var administrator = Sql.identifier(target.username());
        return text.contains(administrator)
                ? "run again when other sessions of this account have ended, or ALTER ROLE " + administrator
                        + " CONNECTION LIMIT -1"
                : "run again when others have ended; agents' sessions are ended, as a superuser, by SELECT"
                        + " pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(usename, "
                        + Sql.literal(Naming.prefix(target.name()))
                        + "); from PostgreSQL 16 on reserved_connections and GRANT pg_use_reserved_connections TO "
                        + administrator + " keep some connections for agentroles";
    }

    /// Whether the server met in its catalogs what another session had just dropped. These are internal errors,
    /// whose texts are never translated.
    static boolean dropped(SQLException said) {
        var text = String.valueOf(said.getMessage());
        return SqlStates.INTERNAL_ERROR.equals(said.getSQLState())
                && (text.contains("could not open relation with OID") || text.contains("cache lookup failed for"));
    }

    /// What stands in the way of a DROP, as the server says it: a line each; those of other databases as a
    /// number.
    static String dependents(SQLException failed) {
        var detail = failed instanceof PSQLException said && said.getServerErrorMessage() != null
                ? said.getServerErrorMessage().getDetail()
                : null;
        return detail == null ? "objects that the server does not name" : detail.replace("\n", ", ");
    }

    private static Problem unreachable(SQLException said, String where, String text) {
        for (Throwable cause = said; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException && SqlStates.CONNECTION_FAILURE.equals(said.getSQLState())) {
                return Problem.of(where + " did not answer in time: " + Said.firstLine(cause))
                        .remedy("see whether it runs and, in its pg_stat_activity, what it waits for; then run again");
            }
            if (cause instanceof UnknownHostException) {
                return Problem.of(where + " cannot be reached: its host is not known: " + Said.firstLine(cause))
                        .remedy("check the host of the URL, and that this machine can resolve names");
            }
            if (cause instanceof SSLException) {
                return Problem.of(where + " did not prove who it is: " + Said.firstLine(cause))
                        .remedy("name the authority that signed its certificate with sslrootcert=FILE in the URL");
            }
        }
        // Words that stand in the driver's messages in every language.
        if (text.toLowerCase(Locale.ROOT).contains("hostnameverifier")) {
            return Problem.of(where + " showed a certificate for another host: " + text)
                    .remedy("write the host in the URL as the certificate names it, or have one issued for this host");
        }
        if (text.contains("SSL")) {
            return Problem.of(where + " cannot be reached with TLS: " + text)
                    .remedy("check that ssl is on at the server, and sslmode and sslrootcert in the URL");
        }
        return Problem.of(where + " cannot be reached: " + text)
                .remedy("check that the server runs and that host and port of the URL are right");
    }

    /// Host, port and database of a JDBC URL, without parameters. Without a host the driver goes to localhost.
    private static String address(String url) {
        var address = url.substring("jdbc:postgresql:".length()).split("\\?", 2)[0];
        return address.startsWith("//") ? address.substring(2) : "localhost/" + address.replaceFirst("^/", "");
    }
}
