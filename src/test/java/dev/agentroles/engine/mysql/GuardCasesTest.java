package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every attack and every ordinary statement of the case files comes out as it is written there.
@OnEachMySql
final class GuardCasesTest {
    private static final String ONLY = System.getProperty("agentroles.case", "");

    /// Since 11.3 MariaDB shows the text of a function to whoever may execute it by a role, and to describe a
    /// view takes that right.
    private static final String SHOWN_TO_ROLES = "routine_definition IS NOT NULL";

    private final MySql server;

    @AutoClose
    private final GuardGround ground;

    /// Looks at the rows, and is what the agent may not kill.
    @AutoClose
    private final Connection superuser;

    /// What is there while all is as it was filled; empty when it has to be filled anew.
    private Optional<GuardRows> filled = Optional.empty();

    GuardCasesTest(MySql server) throws SQLException, IOException {
        this.server = server;
        this.ground = new GuardGround(server);
        this.superuser = ground.database.superuser();
        // A window begins when the clock says so: none may while a case counts what one takes.
        ground.run(List.of("UPDATE agentroles_guard.limits SET window_seconds = 86400"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"cases.yaml", "attacks.yaml"})
    void casesComeOutAsWritten(String file, TestReporter report) throws SQLException {
        var byDefinition = new ArrayList<String>();
        var version = ground.database.query("SELECT version()").getFirst();
        var wrong = new ArrayList<String>();
        for (var one : GuardCase.load(file, server.release(), version).toList()) {
            if (ONLY.isEmpty() || one.id().matches(ONLY)) {
                for (var fault : run(one)) {
                    boolean meant = server.toString().equals("MariaDB 11.4") && fault.contains(SHOWN_TO_ROLES);
                    (meant ? byDefinition : wrong).add("%s (%s): %s".formatted(one.id(), one.title(), fault));
                }
            }
        }
        assertThat(String.join("\n", wrong)).isEmpty();
        byDefinition.forEach(fault -> report.publishEntry("differs on " + server, fault));
        if (ONLY.isEmpty()) {
            boolean shown = server.toString().equals("MariaDB 11.4") && file.equals("cases.yaml");
            assertThat(byDefinition).hasSize(shown ? 1 : 0);
        }
    }

    private List<String> run(GuardCase one) throws SQLException {
        var before = begin(one);
        var faults = new ArrayList<String>();
        try (var client = new GuardClient(ground.url(), ground.writer, charset(one))) {
            for (var step : one.steps()) {
                step(one, step, client).ifPresent(faults::add);
            }
        }
        for (var step : one.teardown()) {
            if (step.kind() == GuardCase.Kind.HOOK) {
                hook(step.text());
            }
        }
        var after = GuardRows.of(superuser, ground.database);
        ground.run(one.teardown().stream()
                .filter(step -> step.kind() != GuardCase.Kind.HOOK)
                .map(step -> ground.named(step.text()))
                .toList());
        if (one.attack() && before.lost(after) > one.allow()) {
            faults.add("%d rows are changed or gone, %d may".formatted(before.lost(after), one.allow()));
        }
        if (!before.surroundings().equals(after.surroundings())) {
            faults.add("objects or accounts have changed");
        }
        boolean touched = !one.setup().isEmpty() || !one.teardown().isEmpty() || !before.equals(after);
        filled = touched ? Optional.empty() : Optional.of(after);
        return faults;
    }

    private GuardRows begin(GuardCase one) throws SQLException {
        if (filled.isPresent() && one.setup().isEmpty()) {
            return filled.get();
        }
        if (filled.isEmpty()) {
            ground.fill();
        }
        ground.run(one.setup().stream().map(ground::named).toList());
        return GuardRows.of(superuser, ground.database);
    }

    private Optional<String> step(GuardCase one, GuardCase.Step step, GuardClient client) throws SQLException {
        if (step.kind() == GuardCase.Kind.HOOK) {
            hook(step.text());
            return Optional.empty();
        }
        var text = step.text().contains("{{victim}}") ? step.text().replace("{{victim}}", id(superuser)) : step.text();
        var answer = client.send(new GuardCase.Step(
                step.kind(),
                ground.named(text),
                step.parameters(),
                step.data(),
                step.mustFail(),
                step.mustPass(),
                step.rows(),
                step.affected()));
        return fault(one, step, answer)
                .map(fault -> fault + ": " + text.substring(0, Math.min(text.length(), 160))
                        + answer.error()
                                .map(error -> " -> " + error.getErrorCode() + " " + error.getMessage())
                                .orElse(""));
    }

    private static Optional<String> fault(GuardCase one, GuardCase.Step step, GuardClient.Answer answer) {
        boolean failed = answer.error().isPresent();
        if (failed && (step.mustPass() || !one.attack())) {
            return Optional.of("refused");
        }
        if (!failed && step.mustFail()) {
            return Optional.of("not refused");
        }
        if (!failed && step.rows().isPresent() && step.rows().getAsInt() != answer.rows()) {
            return Optional.of(answer.rows() + " rows");
        }
        if (!failed && step.affected().isPresent() && step.affected().getAsInt() != answer.affected()) {
            return Optional.of(answer.affected() + " affected");
        }
        return Optional.empty();
    }

    /// Bytes go out as they are.
    private static String charset(GuardCase one) {
        return one.steps().stream().anyMatch(step -> step.kind() == GuardCase.Kind.RAW) ? "latin1" : one.charset();
    }

    private void hook(String name) throws SQLException {
        switch (name) {
            case "expire" -> ground.expire();
            case "restore" -> ground.restore();
            default -> throw new IllegalArgumentException(name);
        }
    }

    private static String id(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT connection_id()")) {
            row.next();
            return row.getString(1);
        }
    }
}
