package dev.agentroles.cli;

import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.engine.mysql.MySqlTerms;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.engine.postgres.PostgresTerms;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A world in which nothing is set and nobody listens.
final class Worlds {
    private Worlds() {}

    static World empty() {
        var silence = new PrintStream(OutputStream.nullOutputStream());
        return new World(
                InputStream.nullInputStream(),
                silence,
                silence,
                Optional.empty(),
                _ -> Optional.empty(),
                Path.of(""),
                "tester@test",
                "0-test",
                InstantSource.system(),
                new SecureRandom(),
                new TreeMap<>(Map.of(
                        "postgresql", new KnownEngine(new PostgresEngine(), PostgresTerms.TERMS),
                        "mysql", new KnownEngine(MySqlEngine.mysql(new SecureRandom()), MySqlTerms.MYSQL),
                        "mariadb", new KnownEngine(MySqlEngine.mariadb(), MySqlTerms.MARIADB))),
                (_, _) -> {
                    throw new IllegalStateException("there is no store in an empty world");
                },
                dev.agentroles.credential.FaultPoints.NONE,
                new Ending());
    }
}
