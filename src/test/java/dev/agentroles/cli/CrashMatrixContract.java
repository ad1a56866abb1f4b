package dev.agentroles.cli;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// A crash matrix is gone through, and what was seen stands on the page.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
interface CrashMatrixContract {
    CrashMatrix matrix();

    @TestFactory
    default Stream<DynamicTest> whateverHappensAtEachStep() {
        return matrix().tests();
    }

    @AfterAll
    default void theTableIsTheOneOnThePage() throws Exception {
        matrix().end();
        matrix().isTheOneOnThePage();
    }
}
