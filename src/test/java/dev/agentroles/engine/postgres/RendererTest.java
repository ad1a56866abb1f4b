package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Attributes;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Columns;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Reason;
import dev.agentroles.plan.Step;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What rendering costs, on a catalog without a server.
final class RendererTest {
    private static final RoleName ADMINISTRATOR = new RoleName("provisioner");
    private static final RoleName TIER = new RoleName("ar_shop_orders_writer");
    private static final Reason REASON = Reason.of("for a test");

    private static final List<Securable.Relation> TABLES = IntStream.range(0, 10_000)
            .mapToObj(number -> new Securable.Relation("app", "t" + number))
            .toList();

    /// Rows, and how often one of them was looked at.
    private static final class Counted<T> extends AbstractList<T> {
        private final List<T> rows;
        private int looks;

        Counted(List<T> rows) {
            this.rows = rows;
        }

        @Override
        public T get(int index) {
            looks++;
            return rows.get(index);
        }

        @Override
        public int size() {
            return rows.size();
        }
    }

    private final Counted<Catalog.GrantRow> grants = new Counted<>(TABLES.stream()
            .flatMap(table -> Stream.of(
                    Grant.of(TIER, Privilege.SELECT, table),
                    Grant.of(TIER, Privilege.UPDATE, table),
                    Grant.of(TIER, Privilege.UPDATE, table.column("id"))))
            .map(grant -> new Catalog.GrantRow(grant, ADMINISTRATOR, true, true, true, true))
            .toList());

    private final Counted<GuardCatalog.TableRow> guarded = new Counted<>(TABLES.stream()
            .map(table -> new GuardCatalog.TableRow(
                    table, 'r', true, false, false, false, true, ADMINISTRATOR, true, Optional.empty()))
            .toList());

    @Test
    void whatIsTakenAwayIsFoundAmongTheGrantsWithoutALookAtAllOfThemForEach() {
        render(table -> new Change.Revoke(Grant.of(TIER, Privilege.SELECT, table)));

        assertThat(grants.looks).isLessThan(10 * grants.size());
    }

    /// Columns that would lose what they are to keep are looked for at each of these tables by itself.
    @Test
    @Timeout(20)
    void whatIsTakenAwayUntilAGuardIsThereIsFoundSo() {
        render(table -> new Change.Withhold(Grant.of(TIER, Privilege.UPDATE, table)));

        assertThat(grants.looks).isLessThan(10 * grants.size());
    }

    @Test
    void aTableIsFoundAmongTheGuardedOnesWithoutALookAtAllOfThem() {
        render(table -> new Change.AttachGuard(GuardSql.attached(table, true), Optional.empty()));

        assertThat(guarded.looks).isLessThan(10 * guarded.size());
    }

    private void render(Function<Securable.Relation, Change> change) {
        var steps = TABLES.stream()
                .map(table -> new Step(change.apply(table), REASON))
                .toList();
        assertThat(new Renderer(catalog(), Set.of())
                        .render(steps, List.of(), List.of())
                        .statements())
                .isNotEmpty();
    }

    private Catalog catalog() {
        var role = GuardRole.of("production", "shop");
        return new Catalog(
                new Catalog.Administrator(
                        ADMINISTRATOR, false, true, "shop", ADMINISTRATOR, true, true, true, true, true, false),
                true,
                Map.of(
                        ADMINISTRATOR,
                        new Catalog.RoleRow(
                                1,
                                ADMINISTRATOR,
                                Attributes.GROUP,
                                Optional.empty(),
                                OptionalInt.empty(),
                                Optional.empty(),
                                0,
                                true,
                                true)),
                Map.of(),
                List.of(),
                List.of(new Catalog.SchemaRow("app", ADMINISTRATOR, true, true)),
                TABLES.stream()
                        .map(table -> new Catalog.RelationRow(table, 'r', ADMINISTRATOR))
                        .toList(),
                Columns.NONE,
                List.of(),
                Map.of(),
                Map.of(),
                grants,
                List.of(),
                List.of(),
                List.of(),
                new GuardCatalog(
                        role,
                        true,
                        List.of("role"),
                        Optional.of(ADMINISTRATOR),
                        List.of(),
                        List.of(),
                        guarded,
                        List.of(),
                        Set.of()),
                ChangeDoor.NONE);
    }
}
