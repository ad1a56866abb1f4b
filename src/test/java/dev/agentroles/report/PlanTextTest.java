package dev.agentroles.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Attributes;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.apply.Fingerprint;
import dev.agentroles.apply.Proposal;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.Inventory;
import dev.agentroles.engine.Rendering;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Planner;
import dev.agentroles.plan.Reason;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a person reads before saying yes, whole.
final class PlanTextTest {
    private static final RoleName TIER = new RoleName("ar_shop_orders_explore");
    private static final RoleName AGENT = new RoleName("ar_shop_bot");
    private static final Reason INCLUDED = Reason.of("included by \"app.*\"", new Position("shop.yaml", 12, 15));

    private static Proposal proposal(List<Step> steps, Rendering rendering, List<Problem> notices) {
        return new Proposal(
                new ServerIdentity("PostgreSQL", "18.6", "7438291048211110", "shop", "provisioner", Optional.empty()),
                Planner.plan("production", "shop", "7438291048211110", steps),
                rendering,
                new Desired(AccessState.EMPTY, Map.of(), Map.of(), Set.of(), List.of(), List.of(), Map.of(), List.of()),
                new Inventory(Set.of(), Map.of(), Map.of()),
                Map.of(),
                List.of(),
                notices);
    }

    private static Step give(Privilege privilege, Securable on) {
        return new Step(new Change.Give(Grant.of(TIER, privilege, on)), INCLUDED);
    }

    private static List<Step> steps() {
        var steps = new ArrayList<Step>();
        steps.add(new Step(
                new Change.CreateRole(new Role(
                        TIER,
                        new Mark("production", "shop", new Mark.Kind.TierRole("orders", Tier.EXPLORE)),
                        Attributes.GROUP)),
                Reason.of("tier explore of scope orders")));
        steps.add(new Step(
                new Change.AddMembership(new Membership(TIER, AGENT, true, false, false)),
                Reason.of("agent bot has tier explore in scope orders", new Position("shop.yaml", 20, 14))));
        steps.add(give(Privilege.SELECT, new Securable.Relation("app", "orders")));
        steps.add(give(Privilege.INSERT, new Securable.Relation("app", "orders")));
        steps.add(give(Privilege.SELECT, new Securable.Column("app", "customers", "id")));
        steps.add(give(Privilege.SELECT, new Securable.Column("app", "customers", "name")));
        for (int table = 1; table <= 12; table++) {
            steps.add(give(Privilege.SELECT, new Securable.Relation("sales", "t" + table)));
        }
        steps.add(new Step(
                new Change.Revoke(Grant.of(AGENT, Privilege.DELETE, new Securable.Relation("app", "orders"))),
                Reason.of("nothing in the profile gives it")));
        steps.add(new Step(
                new Change.Harden(
                        "public-temp",
                        Privilege.TEMPORARY,
                        List.of(new Securable.Database("shop")),
                        List.of(new RoleName("shop_app"))),
                Reason.of("harden: public-temp")));
        steps.add(new Step(new Change.IssueLease("bot"), Reason.of("no login is published")));
        return steps;
    }

    @Test
    void aPlanNamesWhoIsAffectedFirstAndEachLineItsReason() {
        var proposal = proposal(
                steps(),
                new Rendering(List.of(), true, true, List.of()),
                List.of(Problem.of("app.v is left out of scope orders")));

        var text = new PlanText(Paint.NONE, false, false).render(List.of(proposal), Fingerprint.of(List.of(proposal)));

        assertThat(text).isEqualTo("""
                shop  PostgreSQL 18.6, database shop, server 7438291048211110, as provisioner

                  Affects users who are not agents
                  - public-temp: TEMPORARY on database shop to PUBLIC; kept for shop_app  # harden: public-temp

                  Gives agents more
                  + membership of ar_shop_bot in ar_shop_orders_explore  # agent bot has tier explore in scope orders, shop.yaml:20:14
                  + SELECT, INSERT on app.orders to ar_shop_orders_explore  # included by "app.*", shop.yaml:12:15
                  + SELECT (id, name) on app.customers to ar_shop_orders_explore  # included by "app.*", shop.yaml:12:15
                  + SELECT on 12 tables of schema sales to ar_shop_orders_explore: sales.t1, sales.t10, sales.t11, sales.t12, ... (all with -v)  # included by "app.*", shop.yaml:12:15

                  Takes from agents
                  - DELETE on app.orders to ar_shop_bot  # nothing in the profile gives it

                  Keeps house
                  + role ar_shop_orders_explore  # tier explore of scope orders
                  + lease for bot  # no login is published

                  Notes
                  ! app.v is left out of scope orders

                Plan: 19 to add, 0 to change, 2 to remove. Fingerprint %s.
                """.formatted(proposal.plan().fingerprint()));
    }

    @Test
    void rightsThatAreMissingComeWithTheStatementsThatCureThem() {
        var missing = new Rendering.MissingRight(
                "provisioner may not create roles", List.of("ALTER ROLE \"provisioner\" CREATEROLE"));
        var proposal = proposal(
                List.of(steps().getFirst()),
                new Rendering(
                        List.of(new Statement("CREATE ROLE \"ar_shop_orders_explore\"", List.of())),
                        true,
                        true,
                        List.of(missing)),
                List.of());

        var text = new PlanText(Paint.NONE, false, true).render(List.of(proposal), Fingerprint.of(List.of(proposal)));

        assertThat(text).isEqualTo("""
                shop  PostgreSQL 18.6, database shop, server 7438291048211110, as provisioner

                  Keeps house
                  + role ar_shop_orders_explore  # tier explore of scope orders

                  Rights that are missing; a database administrator must run:
                  ! provisioner may not create roles
                      ALTER ROLE "provisioner" CREATEROLE;

                  SQL, in one transaction
                    CREATE ROLE "ar_shop_orders_explore";

                Plan: 1 to add, 0 to change, 0 to remove. Fingerprint %s.
                """.formatted(proposal.plan().fingerprint()));
    }

    @Test
    void whereNothingIsToBeDoneThePlanSaysSo() {
        var proposal = proposal(List.of(), new Rendering(List.of(), true, true, List.of()), List.of());

        var text = new PlanText(Paint.NONE, false, false).render(List.of(proposal), Fingerprint.of(List.of(proposal)));

        assertThat(text).isEqualTo("""
                shop  PostgreSQL 18.6, database shop, server 7438291048211110, as provisioner
                  as the profile wants it; nothing to do

                No changes. Fingerprint %s.
                """.formatted(proposal.plan().fingerprint()));
    }

    @Test
    void aNameThatCannotBePrintedIsNotPrinted() {
        var statements = List.of(
                new Statement("GRANT SELECT ON TABLE `app`.`x\n  + role` TO `ar_shop_bot`", List.of()),
                new Statement("GRANT SELECT ON TABLE `app`.`y\u001b[2K` TO `ar_shop_bot`", List.of()),
                new Statement("CREATE VIEW `app`.`v` AS\nSELECT * FROM `app`.`t`", List.of()));
        var proposal = proposal(steps(), new Rendering(statements, false, false, List.of()), List.of());

        var text = new PlanText(Paint.NONE, false, true).render(List.of(proposal), "0123");

        assertThat(text).contains("""
                          SQL, each statement by itself
                            GRANT SELECT ON TABLE `app`.`x\\n  + role` TO `ar_shop_bot`; -- not as executed, for a name in it cannot be printed: see --format json
                            GRANT SELECT ON TABLE `app`.`y\\x1b[2K` TO `ar_shop_bot`; -- not as executed, for a name in it cannot be printed: see --format json
                            CREATE VIEW `app`.`v` AS
                        SELECT * FROM `app`.`t`;
                        """);
    }

    @Test
    void aScriptWithBackTicksIsShownAsItIsExecuted() {
        var script = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n  -- an odd `\n  SELECT '`'\n$$";
        var proposal = proposal(
                steps(), new Rendering(List.of(new Statement(script, List.of())), true, true, List.of()), List.of());

        assertThat(new PlanText(Paint.NONE, false, true).render(List.of(proposal), "0123"))
                .contains(script + ";\n");
    }
}
