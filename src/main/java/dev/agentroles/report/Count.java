package dev.agentroles.report;

/// A number and what it counts: `1 login`, `2 logins`.
final class Count {
    private Count() {}

    static String of(long number, String one) {
        return of(number, one, one + "s");
    }

    static String of(long number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
