package dev.agentroles.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Renders the reference of profiles, `docs/profile.md`, from the schema.
final class ProfilePage {
    private static final String OPENING = """
            # The profile

            <!-- Generated from profiles/profile.schema.json by ProfilePageTest; change the schema, not this page. -->

            A profile is one YAML file for one environment. `agentroles apply prod.yaml` takes the path as it is given and
            looks under `profiles/` if nothing is there. `agentroles validate prod.yaml` reads it without any network and
            tells everything that is wrong with it, as `file:line:column: what is wrong; did you mean "..."?`.

            The first line gives completion and hover text in editors that know YAML:

            ```yaml
            # yaml-language-server: $schema=profile.schema.json
            ```

            [`profiles/`](../profiles) has some to begin with: `prod.yaml`, `staging.yaml`, `mysql.yaml`, and those of the demo.

            The YAML is version 1.2. Keys that are unknown or there twice, anchors, aliases, a second document and files
            larger than 1 MiB are refused. Secrets never stand in a profile: where one is asked for, only
            [a reference](#a-reference) will do.
            """;

    private final JsonNode schema;
    private final StringBuilder page = new StringBuilder();

    private ProfilePage(JsonNode schema) {
        this.schema = schema;
    }

    static String render(String schema) {
        return new ProfilePage(JsonMapper.shared().readTree(schema)).render();
    }

    private String render() {
        page.append(OPENING);
        section("The whole", schema);
        for (var definition : schema.path("$defs")) {
            if (definition.has("properties")) {
                section("`" + text(definition, "title") + "`", definition);
            }
        }
        forms();
        return page.toString().replace("## `a reference`", "## A reference");
    }

    private void section(String title, JsonNode mapping) {
        page.append("\n## ").append(title).append("\n\n").append(text(mapping, "description"));
        page.append("\n\n| key | value | default | meaning |\n|---|---|---|---|\n");
        var required = strings(mapping.path("required"));
        mapping.path("properties")
                .properties()
                .forEach(property -> row(property.getKey(), property.getValue(), required.contains(property.getKey())));
    }

    private void row(String key, JsonNode property, boolean required) {
        page.append("| `%s` | %s | %s | %s |\n"
                .formatted(key, kind(property), standard(property, required), text(property, "description")));
    }

    /// The leaves: what a text has to look like.
    private void forms() {
        page.append("\n## Forms of text\n\n| form | what it is |\n|---|---|\n");
        schema.path("$defs").properties().stream()
                .filter(definition -> definition.getValue().has("pattern"))
                .forEach(definition -> page.append("| %s | %s |\n"
                        .formatted(
                                definition.getKey(),
                                text(definition.getValue(), "description").replace("|", "\\|"))));
    }

    private static String standard(JsonNode property, boolean required) {
        if (required) {
            return "*required*";
        }
        var standard = property.path("default");
        if (standard.isMissingNode()) {
            return "";
        }
        var words = standard.asString();
        return words.contains("`") || words.contains(" ") ? words : "`" + words + "`";
    }

    private String kind(JsonNode property) {
        if (property.has("$ref")) {
            return reference(text(property, "$ref"));
        }
        if (property.has("const")) {
            return "`" + property.path("const").asString() + "`";
        }
        if (property.has("enum")) {
            return strings(property.path("enum")).stream()
                    .map(word -> "`" + word + "`")
                    .collect(Collectors.joining(", "));
        }
        if (property.has("oneOf")) {
            return property.path("oneOf").valueStream().map(this::kind).collect(Collectors.joining(" or "));
        }
        return switch (text(property, "type")) {
            case "array" -> "list of " + kind(property.path("items"));
            case "object" -> "mapping of names to " + kind(property.path("additionalProperties"));
            case "integer" -> "%s to %s".formatted(text(property, "minimum"), text(property, "maximum"));
            case "boolean" -> "`true`, `false`";
            default -> "text like `" + text(property, "pattern").replace("|", "\\|") + "`";
        };
    }

    private String reference(String pointer) {
        var name = pointer.substring(pointer.lastIndexOf('/') + 1);
        var definition = schema.path("$defs").path(name);
        if (name.equals("value")) {
            return "text or [a reference](#a-reference)";
        }
        if (!definition.has("properties")) {
            return "[" + name + "](#forms-of-text)";
        }
        var title = text(definition, "title");
        return name.equals("reference") ? "[a reference](#a-reference)" : "[`" + title + "`](#" + anchor(title) + ")";
    }

    /// As GitHub makes one from a heading.
    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString();
    }

    private static List<String> strings(JsonNode array) {
        var strings = new ArrayList<String>();
        array.forEach(element -> strings.add(element.asString()));
        return strings;
    }
}
