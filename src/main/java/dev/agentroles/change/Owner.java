package dev.agentroles.change;

import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;

/// The login that owns a schema, and how long its statements may wait and take.
public record Owner(Target target, Bounds bounds) {
    /// A session on this very database, with no more power than to own what is in it.
    ///
    /// @throws Failure if it is of another, or of somebody with more
    SchemaSession session(OpenedDatabase ground) {
        try {
            var session = ground.engine().schema(target);
            try {
                mustBeTheSame(ground.server().identity(), session.identity());
                mustBeNoMore(session);
                return session;
            } catch (SQLException | RuntimeException refused) {
                session.close();
                throw refused;
            }
        } catch (SQLException said) {
            throw failure(ground, said);
        }
    }

    private static void mustBeNoMore(SchemaSession owner) throws SQLException {
        owner.excess().ifPresent(power -> {
            throw Failure.refused(
                    Problem.of("changes.username is " + owner.identity().user() + ", which " + power
                                    + ": what an agent wrote must not run with that")
                            .remedy("name a login that owns the schema and nothing else"));
        });
    }

    private static void mustBeTheSame(ServerIdentity administrator, ServerIdentity owner) {
        if (!owner.identifier().equals(administrator.identifier())
                || !owner.database().equals(administrator.database())) {
            throw Failure.refused(Problem.of("the schema's owner came to database " + owner.database() + " of server "
                    + owner.identifier() + ", and the administrator to database " + administrator.database()
                    + " of server " + administrator.identifier()));
        }
        if (owner.user().equals(administrator.user())) {
            throw Failure.refused(Problem.of("changes.username is the administrator " + owner.user()
                            + ", whose power over roles must not run what an agent wrote")
                    .remedy("name a login that owns the schema and nothing else"));
        }
    }

    Failure failure(OpenedDatabase ground, SQLException said) {
        return new Failure(Exit.ERROR, ground.engine().describe(said, target), said);
    }
}
