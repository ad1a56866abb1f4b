package dev.agentroles.profile;

import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads values that may stand in the profile or come from elsewhere.
final class ValueReader {
    private static final String REFERENCE = "{env: NAME}, {file: path} or {vault: path#field}";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern FIELD = Pattern.compile("([^#]+)#([^#]+)");

    private ValueReader() {}

    static Optional<Value> value(Item item) {
        if (item.node() instanceof ScalarNode) {
            return item.text().map(text -> new Value.Literal(text, item.at()));
        }
        return reference(item).map(reference -> reference);
    }

    /// A value that must come from elsewhere. What stands there instead is not repeated.
    static Optional<Value.Reference> secret(Item item) {
        if (item.node() instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            item.problems()
                    .add(
                            item.at(),
                            item.label() + " stands in clear in the profile",
                            "write " + REFERENCE + ", and change the secret if anybody may have seen this file");
            return Optional.empty();
        }
        return reference(item);
    }

    /// A value that the profile's store needs before it can be asked for anything.
    static <V extends Value> Optional<V> beforeTheStore(Item item, Optional<V> value) {
        return value.filter(known -> {
            if (known instanceof Value.Vault) {
                item.problems()
                        .add(
                                item.at(),
                                item.label() + " cannot come from the store that it opens",
                                "write {env: NAME} or {file: path}");
            }
            return !(known instanceof Value.Vault);
        });
    }

    private static Optional<Value.Reference> reference(Item item) {
        if (!item.isMapping()) {
            item.wrongType(REFERENCE);
            return Optional.empty();
        }
        var fields = Fields.of(item, Form.REFERENCE);
        if (fields.items().size() != 1) {
            item.problems().add(item.at(), item.label() + " must have exactly one source", "write " + REFERENCE);
            return Optional.empty();
        }
        return fields.<Value.Reference>read(
                        "env",
                        name -> name.text(VARIABLE, "the name of an environment variable")
                                .map(variable -> new Value.Env(variable, item.at())))
                .or(() -> fields.read("file", path -> path.text().map(file -> new Value.File(file, item.at()))))
                .or(() -> fields.read("vault", address -> vault(address, item)));
    }

    private static Optional<Value.Vault> vault(Item address, Item item) {
        return address.text(FIELD, "path#field").flatMap(text -> {
            var parts = FIELD.matcher(text);
            return parts.matches() && Paths.isPath(address, parts.group(1))
                    ? Optional.of(new Value.Vault(parts.group(1), parts.group(2), item.at()))
                    : Optional.empty();
        });
    }
}
