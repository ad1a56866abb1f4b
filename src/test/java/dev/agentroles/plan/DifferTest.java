package dev.agentroles.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Attributes;
import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Laws of the difference, over random states.
final class DifferTest {
    private static final List<Privilege> PRIVILEGES = List.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void whatTheDifferenceDoesToTheActualStateMakesTheDesiredOne(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var actual = state(random);
            var desired = state(random);

            assertThat(carriedOut(Differ.diff(desired, actual), actual)).isEqualTo(desired);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void ofEqualStatesThereIsNoDifference(long seed) {
        var state = state(new Random(seed));

        assertThat(Differ.diff(state, state)).isEmpty();
    }

    @Test
    void theSameStepsInAnyOrderAreTheSamePlan() {
        var random = new Random(4);
        var steps = new ArrayList<>(Differ.diff(state(random), state(random)).stream()
                .map(change -> new Step(change, Reason.of("test")))
                .toList());
        var plan = Planner.plan("production", "shop", "1", steps);

        Collections.shuffle(steps, random);

        assertThat(Planner.plan("production", "shop", "1", steps)).isEqualTo(plan);
    }

    @Test
    void theSameStepsElsewhereAreAnotherPlan() {
        var steps = List.of(new Step(new Change.IssueLease("bot"), Reason.of("test")));
        var here = Planner.plan("production", "shop", "1", steps).fingerprint();

        assertThat(Planner.plan("staging", "shop", "1", steps).fingerprint()).isNotEqualTo(here);
        assertThat(Planner.plan("production", "other", "1", steps).fingerprint())
                .isNotEqualTo(here);
        assertThat(Planner.plan("production", "shop", "2", steps).fingerprint()).isNotEqualTo(here);
    }

    @Test
    void namesThatReadTheSameAreNotTheSamePlan() {
        var column = Planner.plan("production", "shop", "1", reading(new Securable.Column("a", "b", "c")));
        var table = Planner.plan("production", "shop", "1", reading(new Securable.Relation("a", "b.c")));

        assertThat(column.fingerprint()).isNotEqualTo(table.fingerprint());
    }

    private static List<Step> reading(Securable on) {
        var given = new Change.Give(Grant.of(new RoleName("ar_shop_t"), Privilege.SELECT, on));
        return List.of(new Step(given, Reason.of("test")));
    }

    @Test
    void leasesDoNotChangeTheFingerprint() {
        var without = Planner.plan("production", "shop", "1", List.of()).fingerprint();
        var steps = List.of(new Step(new Change.IssueLease("bot"), Reason.of("test")));

        assertThat(Planner.plan("production", "shop", "1", steps).fingerprint()).isEqualTo(without);
    }

    private static AccessState carriedOut(List<Change> changes, AccessState actual) {
        var roles = new HashSet<>(actual.roles());
        var memberships = new HashSet<>(actual.memberships());
        var grants = new HashSet<>(actual.grants());
        var defaults = new HashSet<>(actual.defaults());
        var settings = new HashSet<>(actual.settings());
        for (var change : changes) {
            switch (change) {
                case Change.CreateRole(var role) -> roles.add(role);
                case Change.AlterRole(var from, var to) -> {
                    roles.remove(from);
                    roles.add(to);
                }
                case Change.DropRole(var role) -> roles.remove(role);
                case Change.AddMembership(var membership) -> memberships.add(membership);
                case Change.RemoveMembership(var membership) -> memberships.remove(membership);
                case Change.Give(var grant) -> grants.add(grant);
                case Change.Revoke(var grant) -> grants.remove(grant);
                case Change.AddDefault(var grant) -> defaults.add(grant);
                case Change.RemoveDefault(var grant) -> defaults.remove(grant);
                case Change.PutSetting(var setting) -> settings.add(setting);
                case Change.ResetSetting(var setting) -> settings.remove(setting);
                default -> throw new AssertionError(change + " is no difference of two states");
            }
        }
        return new AccessState(roles, memberships, grants, defaults, settings);
    }

    /// Few names, so that two random states have much in common.
    private static AccessState state(Random random) {
        return new AccessState(
                some(random, () -> role(random)).stream()
                        .collect(Collectors.toMap(Role::name, role -> role, (first, _) -> first))
                        .values()
                        .stream()
                        .collect(Collectors.toSet()),
                some(
                        random,
                        () -> new Membership(
                                name(random),
                                name(random),
                                random.nextBoolean(),
                                random.nextBoolean(),
                                random.nextBoolean())),
                some(
                        random,
                        () -> new Grant(
                                random.nextInt(5) == 0 ? Grantee.everybody() : Grantee.role(name(random)),
                                PRIVILEGES.get(random.nextInt(PRIVILEGES.size())),
                                random.nextBoolean()
                                        ? new Securable.Relation("app", "t" + random.nextInt(3))
                                        : new Securable.Column("app", "t" + random.nextInt(3), "c" + random.nextInt(2)),
                                random.nextInt(5) == 0)),
                some(
                        random,
                        () -> new DefaultGrant(
                                name(random),
                                Optional.of("app"),
                                "TABLES",
                                PRIVILEGES.get(random.nextInt(PRIVILEGES.size())),
                                Grantee.role(name(random)),
                                false)),
                some(random, () -> new Setting(name(random), Optional.empty(), "work_mem", "" + random.nextInt(3))));
    }

    private static Role role(Random random) {
        var name = name(random);
        var powers = random.nextInt(3) == 0 ? Set.of("CREATEDB") : Set.<String>of();
        return new Role(
                name,
                new Mark("production", "shop", new Mark.Kind.AgentRole(name.value())),
                new Attributes(random.nextBoolean(), true, new TreeSet<>(powers)));
    }

    private static RoleName name(Random random) {
        return new RoleName("r" + random.nextInt(4));
    }

    private static <F> Set<F> some(Random random, Supplier<F> fact) {
        var facts = new HashSet<F>();
        int wanted = random.nextInt(8);
        for (int i = 0; i < wanted; i++) {
            facts.add(fact.get());
        }
        return facts;
    }
}
