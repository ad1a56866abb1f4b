package dev.agentroles.cli;

import dev.agentroles.Stores;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.engine.mysql.MySqlTerms;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.engine.postgres.PostgresTerms;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// The program in a process of its own, which stops at a fault point, says so, and waits to be killed.
final class Victim {
    /// What it says when it is there.
    static final String THERE = "reached";

    private Victim() {}

    /// @param arguments `LOGIN_ISSUED:2` for the second time of that point, then the command
    public static void main(String[] arguments) {
        var deadly = arguments[0].split(":", 2);
        var left = new AtomicInteger(Integer.parseInt(deadly[1]));
        FaultPoints faults = point -> {
            if (point.name().equals(deadly[0]) && left.decrementAndGet() == 0) {
                System.out.println(THERE);
                System.out.flush();
                waitForTheEnd();
            }
        };
        List<String> command = Arrays.asList(arguments).subList(1, arguments.length);
        System.exit(Cli.run(world(faults), command));
    }

    private static void waitForTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private static World world(FaultPoints faults) {
        var directory = Path.of("").toAbsolutePath();
        var clock = InstantSource.system();
        return new World(
                System.in,
                System.out,
                System.err,
                Optional.empty(),
                name -> Optional.ofNullable(System.getenv(name)),
                directory,
                "victim@test",
                "0-test",
                clock,
                new SecureRandom(),
                new TreeMap<>(Map.of(
                        "postgresql", new KnownEngine(new PostgresEngine(), PostgresTerms.TERMS),
                        "mysql", new KnownEngine(MySqlEngine.mysql(new SecureRandom()), MySqlTerms.MYSQL),
                        "mariadb", new KnownEngine(MySqlEngine.mariadb(), MySqlTerms.MARIADB))),
                new Stores(name -> Optional.ofNullable(System.getenv(name)), directory, clock),
                faults,
                new Ending());
    }
}
