package dev.agentroles.bench;

/// One line of a report: what was measured, and how much it may be.
sealed interface Measure {
    String name();

    /// Whether it is within its limit.
    boolean holds();

    /// What we take against the least that the same work can take.
    ///
    /// @param floor what the floor is: `a Java Hello with the same flags`
    /// @param floorMillis median of the rounds
    /// @param millis median of the rounds
    /// @param ratio median of the rounds' ratios: what was measured in one round is compared
    record Ratio(String name, String floor, double floorMillis, double millis, double ratio, double limit)
            implements Measure {
        @Override
        public boolean holds() {
            return ratio <= limit;
        }
    }

    /// A number that has a limit of its own: memory, statements.
    record Amount(String name, String unit, double value, double limit) implements Measure {
        @Override
        public boolean holds() {
            return value <= limit;
        }
    }
}
