package dev.agentroles.cli;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// Gives each test a shop on which the profile is applied and nobody has asked for anything. Making one takes most of
/// a test's time, so after a test that [AsksOnly] the next has the same; after any other, and after one that failed,
/// it has a new one.
final class ChangeDoorGrounds implements BeforeEachCallback, AfterEachCallback, AutoCloseable {
    private final Making making;
    private @Nullable ChangeDoorGround current;

    ChangeDoorGrounds(Making making) {
        this.making = making;
    }

    @FunctionalInterface
    interface Making {
        ChangeDoorGround ground() throws Exception;
    }

    /// The running test's.
    ChangeDoorGround current() {
        return Objects.requireNonNull(current);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        if (current == null) {
            current = making.ground();
            current.clean("apply", "shop.yaml", "--yes", "--no-verify");
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws SQLException {
        boolean failed = context.getExecutionException().isPresent();
        if (!failed && AnnotationSupport.isAnnotated(context.getRequiredTestMethod(), AsksOnly.class)) {
            current().forgetRequests();
        } else {
            close();
        }
    }

    @Override
    public void close() throws SQLException {
        var ended = current;
        current = null;
        if (ended != null) {
            ended.close();
        }
    }
}
