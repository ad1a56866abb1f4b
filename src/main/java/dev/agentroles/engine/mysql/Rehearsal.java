package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.engine.SchemaSession.Trial;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.engine.Target;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

record Rehearsal(Connection watch, Target owner, Dialect dialect, String database, Bounds bounds) {
    Trial of(String statement, StatementForm form) {
        return new Trial(List.of(), List.of("it was not tried"), Optional.empty(), Duration.ZERO);
    }
}
