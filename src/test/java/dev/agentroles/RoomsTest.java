package dev.agentroles;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the table of rooms: which package may import which of ours. A room that is not in the table fails.
final class RoomsTest {
    private static final String ROOT = "dev.agentroles";

    /// What reports are about.
    private static final List<String> EVERYTHING_BELOW = List.of(
            "problem",
            "access",
            "profile",
            "plan",
            "engine",
            "ledger",
            "credential",
            "workspace",
            "apply",
            "audit",
            "life",
            "change");

    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("problem", List.of()),
            Map.entry("access", List.of()),
            Map.entry("profile", List.of("problem", "access")),
            Map.entry("plan", List.of("problem", "access")),
            Map.entry("engine", List.of("problem", "access", "profile", "plan")),
            Map.entry("engine.postgres", List.of("problem", "access", "profile", "plan", "engine")),
            Map.entry("engine.mysql", List.of("problem", "access", "profile", "plan", "engine")),
            Map.entry("ledger", List.of("problem", "access", "engine")),
            Map.entry("credential", List.of("problem", "access", "profile", "engine", "ledger")),
            Map.entry("credential.vault", List.of("problem", "access", "credential")),
            Map.entry("credential.file", List.of("problem", "access", "credential")),
            Map.entry("draft", List.of("problem", "access", "profile", "engine")),
            Map.entry("workspace", List.of("problem", "access", "profile", "engine", "ledger", "credential")),
            Map.entry(
                    "apply",
                    List.of("problem", "access", "profile", "plan", "engine", "ledger", "credential", "workspace")),
            Map.entry(
                    "life",
                    List.of("problem", "access", "profile", "engine", "ledger", "credential", "workspace", "apply")),
            Map.entry("change", List.of("problem", "access", "profile", "engine", "ledger", "credential", "workspace")),
            Map.entry(
                    "audit",
                    List.of(
                            "problem",
                            "access",
                            "profile",
                            "plan",
                            "engine",
                            "ledger",
                            "credential",
                            "workspace",
                            "apply")),
            Map.entry("report", EVERYTHING_BELOW),
            Map.entry("cli", with(EVERYTHING_BELOW, "draft", "report")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static List<String> with(List<String> rooms, String... more) {
        return Stream.concat(rooms.stream(), Stream.of(more)).toList();
    }

    static Stream<Map.Entry<String, List<String>>> rooms() {
        return MAY_IMPORT.entrySet().stream().sorted(Map.Entry.comparingByKey());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rooms")
    void aRoomImportsOnlyWhatItMay(Map.Entry<String, List<String>> room) {
        var own = ROOT + "." + room.getKey();
        var allowed = Stream.concat(Stream.of(own), room.getValue().stream().map(other -> ROOT + "." + other))
                .toArray(String[]::new);
        noClasses()
                .that(resideInAPackage(own))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(resideInAnyPackage(allowed).negate()))
                .check(CLASSES);
    }

    @Test
    void everyClassLivesInARoom() {
        var known = Stream.concat(Stream.of(ROOT), MAY_IMPORT.keySet().stream().map(room -> ROOT + "." + room))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(CLASSES);
    }

    @Test
    void onlyTheRoomThatOwnsALibraryImportsIt() {
        var owners = Map.of(
                "picocli..", List.of("cli"),
                "org.snakeyaml..", List.of("profile"),
                "org.postgresql..", List.of("engine.postgres"),
                "org.flywaydb..", List.of("ledger"),
                "io.github.jopenlibs..", List.of("credential.vault"),
                "com.exceptionfactory.jagged..", List.of("credential.file"),
                "com.grack.nanojson..", List.of("credential.file", "report"));
        owners.forEach((library, rooms) -> noClasses()
                .that(rooms.stream()
                        .map(room -> resideOutsideOfPackage(ROOT + "." + room))
                        .reduce((a, b) -> a.and(b))
                        .orElseThrow())
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(CLASSES));
    }

    @Test
    void onlyMainTakesTheWorldAsItIs() {
        noClasses()
                .that(resideInAPackage(ROOT + ".*..").or(resideInAPackage(ROOT + ".*")))
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    /// Each would cost 0.3 s at the end of the program; [Threads] says why.
    @Test
    void nobodyMakesVirtualThreads() {
        noClasses()
                .should()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .orShould()
                .callMethod(Executors.class, "newVirtualThreadPerTaskExecutor")
                .check(CLASSES);
    }
}
