package dev.agentroles.cli;

import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.LossyProxy;
import dev.agentroles.harness.OpenBao;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// Rotates, reaps, applies, kills, cuts off and loses answers at random for as long as it is told, several
/// runs at a time, while programs of agents read their logins and connect all the time. Started by `make
/// soak`, never by a test.
///
/// The same seed does the same things, though not at the same moments.
final class Soak {
    private static final int AGENTS = 2;
    private static final int READERS = 8;
    private static final List<String> ROTATE = List.of("rotate", "shop.yaml", "--all");
    private static final List<String> REAP = List.of("reap", "shop.yaml");

    private final Ground ground;
    private final Path folder;
    private final PackedProgram program;
    private final Random random;
    private final Map<String, Integer> done = new TreeMap<>();

    private Soak(Ground ground, Path folder, long seed) {
        this.ground = ground;
        this.folder = folder;
        this.program = new PackedProgram(folder);
        this.random = new Random(seed);
    }

    /// @param arguments seconds, and the seed if one is wanted
    public static void main(String[] arguments) throws Exception {
        var time = Duration.ofSeconds(Long.parseLong(arguments[0]));
        long seed = arguments.length < 2 || arguments[1].isEmpty() ? System.nanoTime() : Long.parseLong(arguments[1]);
        System.out.println("soak: " + time.toSeconds() + " seconds, SEED=" + seed);
        var folder = Files.createTempDirectory("agentroles-soak-");
        boolean clean;
        try (var vault = OpenBao.shared();
                var ground = new Ground(folder, vault)) {
            clean = new Soak(ground, folder, seed).run(time, vault);
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        System.exit(clean ? 0 : 1);
    }

    /// Logins that were replaced last live on for their overlap: one that ends between two looks is no disorder.
    private void reapPredecessors() throws Exception {
        long patience = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (ground.logins().size() > AGENTS && System.nanoTime() < patience) {
            ground.clean("reap", "shop.yaml");
        }
    }

    private boolean run(Duration time, OpenBao vault) throws Exception {
        ground.terms("ttl: 90s, overlap: 15s");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        List<String> failures;
        int connections;
        try (var readers = new Readers(ground, READERS)) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                act(vault);
            }
            failures = readers.failures();
            connections = readers.connections();
        }
        ground.clean("reap", "shop.yaml");
        ground.clean("rotate", "shop.yaml");
        reapPredecessors();
        ground.everythingIsInOrder("after the soak");
        System.out.println("soak: did " + done + "; " + connections + " connections, " + failures.size() + " failures");
        failures.stream().limit(20).forEach(failure -> System.out.println("soak: " + failure));
        return failures.isEmpty();
    }

    private void act(OpenBao vault) throws Exception {
        switch (random.nextInt(8)) {
            case 0, 1 -> count("several at once", this::severalAtOnce);
            case 2, 3 -> count("killed", this::kill);
            case 4 -> count("cut off", this::cutOff);
            case 5 -> count("answer lost", () -> loseAnAnswer(vault));
            case 6 -> count("apply", () -> ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify"));
            default -> count("rotate", () -> ground.operator.run(ROTATE.toArray(String[]::new)));
        }
    }

    private void count(String what, Callable<?> act) throws Exception {
        act.call();
        done.merge(what, 1, Integer::sum);
    }

    private Void severalAtOnce() throws InterruptedException {
        var runs = java.util.stream.Stream.of(ROTATE, REAP, ROTATE, List.of("rotate", "shop.yaml"))
                .map(command -> (Callable<Operator.Said>) () -> ground.operator.run(command.toArray(String[]::new)))
                .toList();
        try (var threads = Executors.newFixedThreadPool(runs.size())) {
            threads.invokeAll(runs);
        }
        return null;
    }

    private Void kill() throws Exception {
        var points = List.of(
                Point.STORE_READ,
                Point.LOGIN_ISSUED,
                Point.LOGIN_PROVEN,
                Point.SECRET_PUBLISHED,
                Point.PUBLICATION_RECORDED,
                Point.PREDECESSOR_SHORTENED,
                Point.LOGIN_DROPPED,
                Point.END_RECORDED);
        var point = points.get(random.nextInt(points.size()));
        boolean reaping = point == Point.LOGIN_DROPPED || point == Point.END_RECORDED;
        Victims.killAt(program, folder, ground, reaping ? REAP : ROTATE, point + ":" + (1 + random.nextInt(2)));
        return null;
    }

    /// The database ends all sessions of the administrator while several runs are in the middle.
    private Void cutOff() throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            var run = threads.submit(() -> ground.operator.run(ROTATE.toArray(String[]::new)));
            Thread.sleep(random.nextInt(300));
            ground.endOurSessions();
            run.get();
        }
        return null;
    }

    private Void loseAnAnswer(OpenBao vault) throws Exception {
        try (var proxy = new LossyProxy(vault.address())) {
            ground.reach(proxy.address());
            var faults = List.of(LossyProxy.Fault.LOST, LossyProxy.Fault.CUT);
            proxy.next(random.nextBoolean() ? "/data/" : "/metadata/", faults.get(random.nextInt(faults.size())));
            ground.operator.run(ROTATE.toArray(String[]::new));
        } finally {
            ground.reach(vault.address());
        }
        return null;
    }
}
