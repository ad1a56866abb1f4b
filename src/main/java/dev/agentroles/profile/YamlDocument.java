package dev.agentroles.profile;

import dev.agentroles.problem.Position;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/// YAML 1.2 text, by its JSON schema (without merge keys, and only `true` is true), to one tree of nodes,
/// or to what is wrong with it. No anchor, no alias and no nesting deeper than a profile has gets as far as
/// a tree, so its size is bounded by the text's.
final class YamlDocument {
    /// A profile nests six deep. The composer recurses, so this also keeps its stack small.
    private static final int DEEPEST = 20;

    /// What the parser was in the middle of, where it began at the first character of a value.
    private static final List<String> SCANNED = List.of("an alias", "an anchor", "a tag");

    private final String source;
    private final String text;
    private final Problems problems;
    private final LoadSettings settings;

    private YamlDocument(String source, String text, Problems problems) {
        this.source = source;
        this.text = text;
        this.problems = problems;
        this.settings = LoadSettings.builder()
                .setLabel(source)
                .setSchema(new JsonSchema())
                .setCodePointLimit(Math.max(1, text.length()))
                // The reader copies its buffer each time a long word outgrows it; whole, the text is copied once.
                .setBufferSize(Math.max(1024, text.length()))
                .build();
    }

    /// @return the root, or empty after reporting why there is none
    static Optional<Node> parse(String source, String text, Problems problems) {
        return new YamlDocument(source, text, problems).root();
    }

    /// Where a mark of the parser is; it counts from 0.
    static Position position(String source, Optional<Mark> mark) {
        return new Position(
                source,
                mark.map(Mark::getLine).orElse(0) + 1,
                mark.map(Mark::getColumn).orElse(0) + 1);
    }

    private Optional<Node> root() {
        try {
            return acceptable() ? compose() : Optional.empty();
        } catch (MarkedYamlEngineException e) {
            broken(e);
        } catch (ReaderException e) {
            broken(positionOf(e.getPosition()), "character U+%04X is not allowed".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            broken(new Position(source, 1, 1), "it cannot be parsed");
        }
        return Optional.empty();
    }

    /// Not with the exception's message: it quotes the line, which may hold a secret.
    private void broken(MarkedYamlEngineException parser) {
        var place = parser.getContext() != null && SCANNED.stream().anyMatch(parser.getContext()::endsWith)
                ? parser.getContextMark()
                : parser.getProblemMark();
        var unquoted = place.flatMap(mark -> Unquoted.at(text, mark.getLine(), mark.getColumn()));
        if (unquoted.isPresent()) {
            problems.add(
                    position(source, place),
                    unquoted.get().why(),
                    unquoted.get().remedy());
        } else if (parser.getProblem().contains("TAB")) {
            problems.add(position(source, parser.getProblemMark()), "a tab stands where YAML takes none", "use spaces");
        } else {
            broken(position(source, parser.getProblemMark()), parser.getProblem());
        }
    }

    private void broken(Position where, String why) {
        problems.add(
                where,
                "this is not YAML: " + Quoted.plain(why),
                "look at the indentation, quotes and brackets here and just before");
    }

    private Optional<Node> compose() {
        var root = new Compose(settings).composeString(text);
        if (root.isEmpty() || root.get().getTag().equals(Tag.NULL)) {
            problems.add(
                    new Position(source, 1, 1),
                    "the profile is empty",
                    "begin with \"version: 1\", or have one written: agentroles init");
            return Optional.empty();
        }
        return root;
    }

    /// Looks at the stream of events, which costs no more than the text is long.
    private boolean acceptable() {
        int depth = 0;
        int documents = 0;
        for (var event : new Parse(settings).parseString(text)) {
            switch (event) {
                case DocumentStartEvent _ -> documents++;
                case CollectionStartEvent _ -> depth++;
                case CollectionEndEvent _ -> depth--;
                default -> {}
            }
            if (refused(event, depth, documents)) {
                return false;
            }
        }
        return true;
    }

    private boolean refused(Event event, int depth, int documents) {
        var where = position(source, event.getStartMark());
        if (event instanceof AliasEvent alias) {
            problems.add(
                    where,
                    "alias" + name(event, "*" + alias.getAlias().getValue()) + " is refused",
                    "put it in quotes if it is text; otherwise write out what it stands for: aliases can make a small"
                            + " file unboundedly large, and hide from a reviewer what is granted");
        } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            problems.add(
                    where,
                    "anchor" + name(event, "&" + node.getAnchor().get().getValue()) + " is refused",
                    "put it in quotes if it is text; otherwise take it away: a profile has no aliases");
        } else if (depth > DEEPEST) {
            problems.add(where, "this is nested more than " + DEEPEST + " deep, which no profile is");
        } else if (documents > 1) {
            problems.add(where, "a second YAML document begins here", "one file is one profile: split it");
        } else {
            return false;
        }
        return true;
    }

    /// Empty where it may be the beginning of a secret.
    private String name(Event event, String name) {
        return event.getStartMark()
                        .filter(mark -> Unquoted.mayBeShown(text, mark.getLine(), mark.getColumn()))
                        .isPresent()
                ? " " + Quoted.of(name)
                : "";
    }

    private Position positionOf(int codePoints) {
        var before = text.codePoints().limit(codePoints).toArray();
        int line = 1;
        int column = 1;
        for (int point : before) {
            column = point == '\n' ? 1 : column + 1;
            line = point == '\n' ? line + 1 : line;
        }
        return new Position(source, line, column);
    }
}
