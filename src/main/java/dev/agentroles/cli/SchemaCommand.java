package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.profile.ProfileSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "schema", description = "Prints the JSON Schema of profiles, for editors.")
final class SchemaCommand implements Callable<Integer> {
    private final World world;

    SchemaCommand(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        world.out().print(ProfileSchema.text());
        world.out().flush();
        return Exit.CLEAN.code();
    }
}
