package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.report.PromisesJson;
import dev.agentroles.report.PromisesText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "tiers", description = "Prints what each tier promises on each engine, how it is enforced and probed.")
final class TiersCommand implements Callable<Integer> {
    private final World world;

    @Mixin
    private Common common = new Common();

    TiersCommand(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        var tables = world.engines().values().stream()
                .map(known -> known.engine().promises())
                .toList();
        common.result(
                world, common.json() ? PromisesJson.of(tables) : new PromisesText(common.paint(world)).human(tables));
        return Exit.CLEAN.code();
    }
}
