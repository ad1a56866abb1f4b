package dev.agentroles.profile;

/// Texts that tests begin with.
final class Samples {
    /// The least that a profile needs.
    static final String SMALL = """
            version: 1
            environment: staging
            databases:
              shop:
                engine: postgresql
                url: jdbc:postgresql://localhost/shop
                admin: {username: provisioner, password: {env: PASSWORD}}
            scopes:
              orders:
                database: shop
                include: [app.orders]
            agents:
              support-bot:
                access: [{scope: orders, tier: explore}]
            """;

    private Samples() {}

    /// The small profile with one piece of text replaced.
    static String with(String piece, String replacement) {
        if (!SMALL.contains(piece)) {
            throw new IllegalArgumentException("the small profile has no " + piece);
        }
        return SMALL.replace(piece, replacement);
    }

    /// The small profile with terms of a lease.
    static String lease(String terms) {
        return SMALL + "    lease: " + terms + "\n";
    }

    /// The small profile with a waiver.
    static String waiver(String waiver) {
        return SMALL + "waivers:\n  - {" + waiver + "}\n";
    }
}
