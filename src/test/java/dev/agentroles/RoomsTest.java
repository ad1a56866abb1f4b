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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the table of rooms: which package may import which of ours. A room that is not in the table fails.
final class RoomsTest {
    private static final String ROOT = "dev.agentroles";

    private static final Map<String, List<String>> MAY_IMPORT = table("""
        problem          |
        access           |
        profile          | problem access
        plan             | problem access
        engine           | problem access profile plan
        engine.postgres  | problem access profile plan engine
        engine.mysql     | problem access profile plan engine
        draft            | problem access profile engine
        ledger           | problem access engine
        credential       | problem access profile engine ledger
        credential.vault | problem access credential
        credential.file  | problem access credential
        workspace        | problem access profile engine ledger credential
        apply            | problem access profile plan engine ledger credential workspace
        audit            | problem access profile plan engine ledger credential workspace apply
        life             | problem access profile engine ledger credential workspace apply
        change           | problem access profile engine ledger credential workspace
        report           | problem access profile plan engine ledger credential workspace apply audit life change
        cli              | problem access profile plan engine ledger credential workspace apply audit life change \
                           draft report
        """);

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static Map<String, List<String>> table(String text) {
        return text.lines()
                .map(line -> line.split(" *\\| *", 2))
                .collect(Collectors.toMap(
                        row -> row[0],
                        row -> Stream.of(row[1].split(" +"))
                                .filter(room -> !room.isEmpty())
                                .toList()));
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
