package dev.agentroles.profile;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads a profile, or says everything that is wrong with it. Uses no network.
public final class ProfileReader {
    private final Map<String, EngineTerms> engines;

    /// @param engines that a database of a profile may have, by name
    public ProfileReader(Map<String, EngineTerms> engines) {
        this.engines = Map.copyOf(engines);
    }

    /// Reads a file.
    ///
    /// @param name as given on the command line; looked for under `profiles/` if nothing is there
    /// @param directory that a relative name starts from
    /// @throws Failure with every problem, in the order of the file
    public Profile read(String name, Path directory) {
        var file = ProfileFile.find(name, directory);
        return read(file.source(), file.text());
    }

    /// Reads a text.
    ///
    /// @param source what messages call the text
    /// @throws Failure with every problem, in the order of the text
    public Profile read(String source, String text) {
        var problems = new Problems();
        var profile = YamlDocument.parse(source, text, problems).map(root -> profile(root, source, problems));
        problems.throwIfAny();
        return profile.orElseThrow();
    }

    private Profile profile(Node node, String source, Problems problems) {
        var root = Item.root(node, source, problems);
        var fields = Fields.of(root, Form.PROFILE);
        fields.find("version").ifPresent(ProfileReader::version);
        var databaseReader = new DatabaseReader(engines, problems);
        var accessReader = new AccessReader(problems);

        var databases = entries(fields, "databases", databaseReader::read);
        fields.find("databases")
                .filter(item -> item.isMapping() && databases.isEmpty())
                .ifPresent(item -> problems.add(item.keyAt(), "databases has no entry", "name at least one database"));
        var scopes = entries(fields, "scopes", (name, item) -> accessReader.scope(name, item, databases.keySet()));
        var agents = entries(fields, "agents", (name, item) -> accessReader.agent(name, item, scopes.keySet()));
        var findings = engines.values().stream()
                .flatMap(terms -> terms.findings().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        var waivers = fields.find("waivers").map(Item::list).orElse(List.of()).stream()
                .flatMap(item -> accessReader.waiver(item, databases.keySet(), agents.keySet(), findings).stream())
                .toList();

        var check = new AccessCheck(engines, databases, scopes, agents, problems);
        check.run();
        return new Profile(
                source,
                fields.read("environment", Item::name).orElse(""),
                fields.find("environment").map(Item::at).orElse(root.at()),
                StoreReader.read(fields, root.at()),
                databases,
                scopes,
                agents,
                waivers,
                check.notices());
    }

    private static void version(Item item) {
        item.number(1, Integer.MAX_VALUE)
                .filter(version -> version != 1)
                .ifPresent(version -> item.problems()
                        .add(
                                item.at(),
                                "version " + version + " of the profile is not known",
                                "this program reads version 1"));
    }

    private static <T> Map<String, T> entries(Fields fields, String key, BiFunction<String, Item, T> reading) {
        var entries = new LinkedHashMap<String, T>();
        fields.find(key)
                .map(Item::named)
                .orElse(Map.of())
                .forEach((name, item) -> entries.put(name, reading.apply(name, item)));
        return entries;
    }
}
