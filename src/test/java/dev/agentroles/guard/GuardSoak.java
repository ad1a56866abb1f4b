package dev.agentroles.guard;

import dev.agentroles.harness.PostgreSql;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// Random statements against the guard, on every version in turn, for as long as it is told. Started by
/// `make soak`, never by a test.
final class GuardSoak {
    private GuardSoak() {}

    /// @param arguments seconds, and the seed if one is wanted
    public static void main(String[] arguments) throws Exception {
        var time = Duration.ofSeconds(Long.parseLong(arguments[0]));
        long seed = arguments.length < 2 || arguments[1].isEmpty() ? System.nanoTime() : Long.parseLong(arguments[1]);
        System.out.println("guard soak: " + time.toSeconds() + " seconds, SEED=" + seed);
        var servers = PostgreSql.all().toList();
        boolean clean = true;
        for (var server : servers) {
            clean &= run(server, time.dividedBy(servers.size()), seed);
        }
        System.exit(clean ? 0 : 1);
    }

    private static boolean run(PostgreSql server, Duration time, long seed) throws Exception {
        var folder = Files.createTempDirectory("agentroles-soak-");
        try (var ground = new Ground(server, folder);
                var simple = new Fuzz(ground, seed, Client.Protocol.SIMPLE);
                var extended = new Fuzz(ground, seed, Client.Protocol.EXTENDED)) {
            long end = System.nanoTime() + time.toNanos();
            int statements = 0;
            int wrong = 0;
            while (System.nanoTime() < end && wrong < 20) {
                List<String> broken = (statements % 2 == 0 ? simple : extended).next();
                broken.forEach(law -> System.out.println("guard soak: " + server + ": " + law));
                wrong += broken.size();
                statements++;
            }
            System.out.println("guard soak: " + server + ": " + statements + " statements, " + wrong + " failures");
            return wrong == 0;
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }
}
