package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said about leases, changes, futures and waivers that cannot be.
final class BadAgentTest {
    static Stream<BadProfile> leases() {
        return Stream.of(
                new BadProfile(
                        "number for a duration",
                        Samples.lease("{ttl: 60}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be a length of time such as 90s, 15m,"
                                + " 1h30m or 7d, not a number"),
                new BadProfile(
                        "duration in other words",
                        Samples.lease("{ttl: 1 hour}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be a length of time such as 90s, 15m,"
                                + " 1h30m or 7d, not \"1 hour\""),
                new BadProfile(
                        "no time at all",
                        Samples.lease("{ttl: 0s}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be longer than nothing and at most 365d"),
                new BadProfile(
                        "years",
                        Samples.lease("{ttl: 366d}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be longer than nothing and at most 365d"),
                new BadProfile(
                        "timeout that no server keeps",
                        Samples.lease("{idle_timeout: 30d}"),
                        "shop.yaml:15:27: agents.support-bot.lease.idle_timeout must be longer than nothing and at most"
                                + " 24d"),
                new BadProfile(
                        "overlap longer than the lease",
                        Samples.lease("{ttl: 5m, overlap: 6m}"),
                        "shop.yaml:15:31: agents.support-bot.lease.overlap is longer than ttl; the previous login"
                                + " cannot outlive its own end"),
                new BadProfile(
                        "overlap longer than the lease by default",
                        Samples.lease("{overlap: 2h}"),
                        "shop.yaml:15:22: agents.support-bot.lease.overlap is longer than ttl; the previous login"
                                + " cannot outlive its own end"));
    }

    static Stream<BadProfile> changes() {
        return Stream.of(new BadProfile(
                "the administrator's login",
                Samples.with(
                        "{env: PASSWORD}}\n",
                        "{env: PASSWORD}}\n    changes: {username: provisioner, password: {env: PASSWORD}}\n"),
                "shop.yaml:8:25: the administrator's own login must not run what an agent wrote; name a login that owns"
                        + " the schema and has no other power"));
    }

    static Stream<BadProfile> futures() {
        return Stream.of(
                new BadProfile(
                        "of a part of a schema",
                        Samples.with("[app.orders]", "[app.orders, app.*]\n    future: true"),
                        "shop.yaml:11:15: future: true covers whole schemas, and \"app.orders\" names a part of one;"
                                + " write the schema with .*, or leave future out: later tables come with the next apply"),
                new BadProfile(
                        "of a schema with holes",
                        Samples.with("[app.orders]", "[app.*]\n    exclude: [app.audit_*]\n    future: true"),
                        "shop.yaml:9:3: future: true gives every later table of schema app, and an exclude with a"
                                + " wildcard holds some of them back; leave future out: later tables come with the next"
                                + " apply"),
                new BadProfile(
                        "where there are no default privileges",
                        Samples.SMALL
                                .replace("engine: postgresql", "engine: mysql")
                                .replace("[app.orders]", "[app.*]\n    future: true"),
                        "shop.yaml:9:3: future: true needs default privileges, which mysql does not have; leave future"
                                + " out: later tables come with the next apply"));
    }

    static Stream<BadProfile> waivers() {
        return Stream.of(
                new BadProfile("without who, why and until when", Samples.waiver("finding: PUBLIC-TEMP"), """
                        shop.yaml:16:5: waivers[0] has no "reason"
                        shop.yaml:16:5: waivers[0] has no "by"
                        shop.yaml:16:5: waivers[0] has no "until\""""),
                new BadProfile(
                        "a code that is none",
                        Samples.waiver("finding: PUBLIC-TMP, reason: old, by: me, until: 2027-01-31"),
                        "shop.yaml:16:15: unknown finding \"PUBLIC-TMP\"; did you mean \"PUBLIC-TEMP\"?"),
                new BadProfile(
                        "a day that is none",
                        Samples.waiver("finding: PUBLIC-TEMP, reason: old, by: me, until: 2027-02-30"),
                        "shop.yaml:16:56: waivers[0].until must be a date such as 2027-01-31, not \"2027-02-30\""));
    }

    @ParameterizedTest
    @MethodSource({"leases", "changes", "futures", "waivers"})
    void everyProblemIsToldWithItsPlace(BadProfile bad) {
        assertThat(Readers.problemsOf(bad.text())).isEqualTo(bad.problems());
    }
}
