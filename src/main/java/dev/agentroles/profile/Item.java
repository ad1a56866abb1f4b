package dev.agentroles.profile;

import dev.agentroles.access.Naming;
import dev.agentroles.problem.Position;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One value in the tree, and the questions a reader may ask of it. An answer is empty after the reason was
/// reported.
///
/// @param label how messages call it: `databases.shop.url`
/// @param keyAt where its key is; for an entry of a list, where it begins itself
record Item(Node node, String label, Position keyAt, Problems problems) {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    static Item root(Node node, String source, Problems problems) {
        return new Item(node, "the profile", YamlDocument.position(source, node.getStartMark()), problems);
    }

    /// Where the value begins; a quoted text begins at its quote.
    Position at() {
        return YamlDocument.position(keyAt.file(), node.getStartMark());
    }

    /// One line of text.
    Optional<String> text() {
        return line(unquoted());
    }

    private Optional<String> line(Optional<String> remedy) {
        return text("text", remedy).filter(text -> {
            var control = text.chars().filter(Character::isISOControl).findFirst();
            control.ifPresent(point -> problems.add(
                    at(), "%s holds the control character U+%04X".formatted(label, point), "write one line of text"));
            return control.isEmpty();
        });
    }

    /// Text that may run over several lines, for people.
    Optional<String> prose() {
        return text("text", unquoted()).map(String::strip);
    }

    private Optional<String> text(String wanted) {
        return text(wanted, Optional.empty());
    }

    /// @param remedy where it is a word that is no text to YAML
    private Optional<String> text(String wanted, Optional<String> remedy) {
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
            wrongType(wanted, remedy);
            return Optional.empty();
        }
        if (scalar.getValue().isBlank()) {
            problems.add(at(), label + " is empty");
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }

    /// Text of a form.
    ///
    /// @param wanted says the form to a person
    Optional<String> text(Pattern form, String wanted) {
        return text(wanted).filter(text -> {
            boolean fits = form.matcher(text).matches();
            if (!fits) {
                problems.add(at(), label + " must be " + wanted + ", not " + Quoted.of(text));
            }
            return fits;
        });
    }

    /// A name of ours, which also becomes part of role names and of paths in secret stores.
    Optional<String> name() {
        return line(Optional.empty()).filter(text -> isName(text, at()));
    }

    private boolean isName(String text, Position where) {
        boolean fits = Naming.NAME.matcher(text).matches();
        if (!fits) {
            problems.add(
                    where,
                    Quoted.of(text) + " is not a name",
                    "a name is a lower-case letter, then lower-case letters, digits and hyphens");
        }
        return fits;
    }

    /// One of the known words.
    ///
    /// @param kind what it is a word for: `tier`
    Optional<String> word(String kind, Collection<String> known) {
        return line(Optional.empty()).filter(text -> {
            if (!known.contains(text)) {
                problems.unknown(at(), "unknown " + kind, text, known);
            }
            return known.contains(text);
        });
    }

    Optional<Integer> number(int least, int most) {
        var wanted = "a whole number from " + least + " to " + most;
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.INT)) {
            wrongType(wanted);
            return Optional.empty();
        }
        var number = DIGITS.matcher(scalar.getValue()).matches() ? Integer.parseInt(scalar.getValue()) : -1;
        if (number < least || number > most) {
            problems.add(at(), label + " must be " + wanted + ", not " + Quoted.plain(scalar.getValue()));
            return Optional.empty();
        }
        return Optional.of(number);
    }

    Optional<Boolean> truth() {
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.BOOL)) {
            wrongType("true or false", node instanceof ScalarNode word ? truth(word.getValue()) : Optional.empty());
            return Optional.empty();
        }
        return Optional.of(scalar.getValue().equalsIgnoreCase("true"));
    }

    /// What older YAML took for one.
    private static Optional<String> truth(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "yes", "on", "y" -> Optional.of("write true");
            case "no", "off", "n" -> Optional.of("write false");
            default -> Optional.empty();
        };
    }

    Optional<Duration> duration() {
        return duration(Durations.LONGEST);
    }

    /// @param longest in whole days
    Optional<Duration> duration(Duration longest) {
        var text = text(Durations.FORM);
        var duration = text.flatMap(Durations::parse);
        if (text.isPresent() && duration.isEmpty()) {
            problems.add(at(), label + " must be " + Durations.FORM + ", not " + Quoted.of(text.get()));
        }
        return duration.filter(length -> {
            boolean sane = length.isPositive() && length.compareTo(longest) <= 0;
            if (!sane) {
                problems.add(at(), label + " must be longer than nothing and at most " + longest.toDays() + "d");
            }
            return sane;
        });
    }

    Optional<LocalDate> date() {
        var wanted = "a date such as 2027-01-31";
        return text(wanted).flatMap(text -> {
            try {
                return Optional.of(LocalDate.parse(text));
            } catch (DateTimeParseException _) {
                problems.add(at(), label + " must be " + wanted + ", not " + Quoted.of(text));
                return Optional.empty();
            }
        });
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /// The entries of a list; one at least.
    List<Item> list() {
        if (!(node instanceof SequenceNode sequence)) {
            wrongType("a list", node.getTag().equals(Tag.STR) ? Optional.of("put it in brackets") : Optional.empty());
            return List.of();
        }
        if (sequence.getValue().isEmpty()) {
            problems.add(at(), label + " is empty", "give at least one entry");
        }
        var items = new ArrayList<Item>();
        for (var element : sequence.getValue()) {
            var where = YamlDocument.position(keyAt.file(), element.getStartMark());
            items.add(new Item(element, label + "[" + items.size() + "]", where, problems));
        }
        return items;
    }

    /// The entries of a mapping from names that the profile makes up.
    Map<String, Item> named() {
        var named = new LinkedHashMap<String, Item>();
        entries().forEach((key, item) -> {
            if (isName(key, item.keyAt())) {
                named.put(key, item);
            }
        });
        return named;
    }

    /// The entries of a mapping by their key; a key that comes again is reported and left out.
    Map<String, Item> entries() {
        if (!(node instanceof MappingNode mapping)) {
            wrongType("a mapping of keys to values");
            return Map.of();
        }
        var entries = new LinkedHashMap<String, Item>();
        for (var tuple : mapping.getValue()) {
            var where = YamlDocument.position(keyAt.file(), tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key) || !key.getTag().equals(Tag.STR)) {
                problems.add(where, "a key of " + label + " is not text", "write it in quotes");
                continue;
            }
            var name = key.getValue();
            var known = entries.get(name);
            if (known == null) {
                entries.put(name, new Item(tuple.getValueNode(), labelOf(name), where, problems));
            } else {
                problems.add(
                        where,
                        "key " + Quoted.of(name) + " is there twice in " + label,
                        "the first is in line " + known.keyAt().line());
            }
        }
        return entries;
    }

    private String labelOf(String key) {
        var shown = Quoted.plain(key);
        return label.equals("the profile") ? shown : label + "." + shown;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    /// The remedy for a word that is text to people and something else to YAML: `12`, `true`, `null`, `!word`.
    private Optional<String> unquoted() {
        if (!(node instanceof ScalarNode scalar) || scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return Optional.empty();
        }
        var tag = scalar.getTag().getValue();
        var word = tag.startsWith("!") ? (tag + " " + scalar.getValue()).strip() : scalar.getValue();
        return word.isEmpty() ? Optional.empty() : Quoted.asYaml(word).map("put it in quotes: "::concat);
    }

    /// Reports what is there instead of what is wanted; never the value, which may be a secret.
    void wrongType(String wanted) {
        wrongType(wanted, Optional.empty());
    }

    private void wrongType(String wanted, Optional<String> remedy) {
        if (node.getTag().equals(Tag.NULL) && remedy.isEmpty()) {
            problems.add(keyAt, label + " is empty", "give " + wanted);
            return;
        }
        var found = switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar when scalar.getTag().equals(Tag.STR) -> "text";
            case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) -> "true or false";
            case ScalarNode scalar when scalar.getTag().equals(Tag.INT) -> "a number";
            case ScalarNode scalar when scalar.getTag().equals(Tag.FLOAT) -> "a number";
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
            default -> "a value with the tag " + Quoted.of(node.getTag().getValue());
        };
        var what = label + " must be " + wanted + ", not " + found;
        remedy.ifPresentOrElse(cure -> problems.add(at(), what, cure), () -> problems.add(at(), what));
    }

    /// Where a character of the text stands in the file; where the text begins if escapes or folded lines
    /// between them make that unknowable.
    Position at(int offset) {
        var start = at();
        if (!(node instanceof ScalarNode scalar) || !onOneLineWithoutEscapes(scalar)) {
            return start;
        }
        int quote = scalar.getScalarStyle() == ScalarStyle.PLAIN ? 0 : 1;
        int characters = scalar.getValue()
                .codePointCount(0, Math.min(offset, scalar.getValue().length()));
        return new Position(start.file(), start.line(), start.column() + quote + characters);
    }

    private static boolean onOneLineWithoutEscapes(ScalarNode scalar) {
        int quotes = scalar.getScalarStyle() == ScalarStyle.PLAIN ? 0 : 2;
        var value = scalar.getValue();
        return scalar.getStartMark()
                .flatMap(start -> scalar.getEndMark()
                        .map(end -> start.getLine() == end.getLine()
                                && end.getColumn() - start.getColumn() - quotes
                                        == value.codePointCount(0, value.length())))
                .orElse(false);
    }
}
