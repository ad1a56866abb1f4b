package dev.agentroles.bench;

import dev.agentroles.bench.Measure.Amount;
import dev.agentroles.bench.Measure.Ratio;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures pairs in turn and reports them: floor, ours, floor, ours. Whatever else the machine does
/// meanwhile falls on both, which is why the report is the median of the rounds' ratios and not a time.
final class Bench {
    private static final String LINE = "%-46s %12s %12s %8s %8s  %s%n";

    private final String title;
    private final List<Measure> measures = new ArrayList<>();

    Bench(String title) {
        this.title = title;
    }

    /// @param name what ours is
    /// @param floor what the least is
    /// @param limit the greatest ratio that is good enough
    /// @param rounds after one of each that is not counted
    Bench compare(String name, String floor, double limit, int rounds, Work least, Work ours) throws Exception {
        return compare(name, floor, limit, rounds, least, ours, () -> {});
    }

    /// @param undo follows each of both, and is not measured
    Bench compare(String name, String floor, double limit, int rounds, Work least, Work ours, Work undo)
            throws Exception {
        var leastMillis = new double[rounds];
        var oursMillis = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            double leastTook = millis(least);
            undo.run();
            double oursTook = millis(ours);
            undo.run();
            if (round >= 0) {
                leastMillis[round] = leastTook;
                oursMillis[round] = oursTook;
            }
        }
        var ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            ratios[round] = oursMillis[round] / leastMillis[round];
        }
        measures.add(new Ratio(name, floor, median(leastMillis), median(oursMillis), median(ratios), limit));
        return this;
    }

    /// The same for what cannot be done several times.
    Bench ratio(String name, String floor, double limit, double floorMillis, double millis) {
        measures.add(new Ratio(name, floor, floorMillis, millis, millis / floorMillis, limit));
        return this;
    }

    Bench amount(String name, String unit, double value, double limit) {
        measures.add(new Amount(name, unit, value, limit));
        return this;
    }

    /// Prints the table; ends the program with 1 when something is over its limit.
    void report() {
        System.out.printf("%n%s%n%n", title);
        System.out.printf(Locale.ROOT, LINE, "", "floor", "ours", "ratio", "limit", "");
        for (var measure : measures) {
            switch (measure) {
                case Ratio ratio ->
                    System.out.printf(
                            Locale.ROOT,
                            LINE,
                            ratio.name(),
                            milliseconds(ratio.floorMillis()),
                            milliseconds(ratio.millis()),
                            number(ratio.ratio()),
                            number(ratio.limit()),
                            verdict(ratio) + "floor: " + ratio.floor());
                case Amount amount ->
                    System.out.printf(
                            Locale.ROOT,
                            LINE,
                            amount.name(),
                            "",
                            number(amount.value()) + " " + amount.unit(),
                            "",
                            number(amount.limit()),
                            verdict(amount));
            }
        }
        if (!measures.stream().allMatch(Measure::holds)) {
            System.exit(1);
        }
    }

    private static String verdict(Measure measure) {
        return measure.holds() ? "" : "OVER ITS LIMIT  ";
    }

    private static String milliseconds(double value) {
        return "%.2f ms".formatted(value);
    }

    private static String number(double value) {
        return "%.2f".formatted(value);
    }

    private static double millis(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    static double median(double[] values) {
        var sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }
}
