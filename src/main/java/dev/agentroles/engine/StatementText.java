package dev.agentroles.engine;

import dev.agentroles.problem.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether the text of a statement reads the same to a person and to a server: "Trojan Source",
/// <https://trojansource.codes>.
public final class StatementText {
    /// How many blanks in a row a terminal may show as the end of a line, and how many lines as the end of it all.
    private static final int WIDE = 40;

    private static final int HIGH = 12;

    /// How many lines, and how many characters in one, nobody sees at a glance: the beginning is gone from the screen.
    private static final int LONG = 200;

    private static final int BROAD = 1_000;

    /// Letters of other alphabets that look like a Latin one (Unicode Technical Standard 39, `confusables.txt`).
    private static final String LIKE_LATIN = "асеорхуіѕјԁһӏԛԝґАВСЕНІЈКМОРЅТХУԌԚԜονικρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

    private StatementText() {}

    /// Why no person could judge what they see, a clause.
    public static Optional<String> unfit(String text) {
        if (text.isBlank()) {
            return Optional.of("it is empty");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > Asking.LONGEST_STATEMENT) {
            return Optional.of("it is longer than " + Asking.LONGEST_STATEMENT
                    + " bytes, and nobody reads that: ask for smaller changes");
        }
        return text.codePoints()
                .filter(point -> moves(point) || Character.getType(point) == Character.SURROGATE)
                .mapToObj(point -> "it holds the character " + Printable.line(Character.toString(point))
                        + ", which makes a text look other than it is")
                .findFirst()
                .or(() -> returns(text));
    }

    /// One server ends a comment at a carriage return, another does not, and no terminal shows which.
    private static Optional<String> returns(String text) {
        return text.replace("\r\n", "\n").indexOf('\r') < 0
                ? Optional.empty()
                : Optional.of("it holds a carriage return that is not the end of a line");
    }

    /// Controls, what turns the direction of writing, and what ends a line for some.
    private static boolean moves(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL -> point != '\n' && point != '\r' && point != '\t';
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                switch (Character.getDirectionality(point)) {
                    case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                            Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                            Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                            Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                            Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                            Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                            Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                            Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                            Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE -> true;
                    default -> isMark(point);
                };
        };
    }

    /// The marks of direction, which have the direction of a letter.
    private static boolean isMark(int point) {
        return point == 0x200E || point == 0x200F || point == 0x061C;
    }

    /// Why a name would not be seen as what it is, a clause.
    public static Optional<String> unseen(List<SqlToken> tokens) {
        return tokens.stream()
                .filter(token -> token.isName() && token.value().codePoints().anyMatch(StatementText::isHidden))
                .map(token -> "a name in it holds a character that is not seen: " + Printable.line(token.value()))
                .findFirst();
    }

    /// What a person should know of how the text looks, a clause each.
    public static List<String> warnings(String text, List<SqlToken> tokens) {
        var warnings = new ArrayList<String>();
        if (text.codePoints().anyMatch(StatementText::isHidden)) {
            warnings.add("it holds characters that are not seen, shown as \\u....");
        }
        if (hasGap(text)) {
            warnings.add("there is a long gap in it, and more behind that: read it to its end");
        }
        long lines = text.lines().count();
        if (lines > LONG) {
            warnings.add("it has " + lines + " lines: read it from its beginning");
        }
        if (text.lines().anyMatch(line -> line.length() > BROAD)) {
            warnings.add("a line in it has more than " + BROAD + " characters: read it to its end");
        }
        tokens.stream()
                .filter(SqlToken::isName)
                .flatMap(token -> deception(token.value()).stream())
                .distinct()
                .forEach(warnings::add);
        return warnings;
    }

    /// How a name may deceive whoever reads it, a clause.
    private static Optional<String> deception(String name) {
        if (scripts(name).size() > 1) {
            return Optional.of(
                    "the name " + name + " mixes letters of several alphabets, and may look like another one");
        }
        boolean likeLatin = name.codePoints().anyMatch(Character::isLetter)
                && name.codePoints().filter(Character::isLetter).allMatch(letter -> LIKE_LATIN.indexOf(letter) >= 0);
        return likeLatin
                ? Optional.of("the name " + name + " looks as if it were in Latin letters, and is not")
                : Optional.empty();
    }

    /// Whether something stands behind blanks or empty lines where nobody looks for it.
    private static boolean hasGap(String text) {
        int blanks = 0;
        int lines = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case ' ', '\t' -> blanks++;
                case '\r' -> {}
                case '\n' -> {
                    blanks = 0;
                    lines++;
                }
                default -> {
                    if (blanks >= WIDE || lines > HIGH) {
                        return true;
                    }
                    blanks = 0;
                    lines = 0;
                }
            }
        }
        return false;
    }

    private static boolean isHidden(int point) {
        return point != '\n' && point != '\r' && point != '\t' && !Printable.isPrintable(point);
    }

    private static Set<Character.UnicodeScript> scripts(String name) {
        var scripts = new HashSet<Character.UnicodeScript>();
        name.codePoints()
                .filter(Character::isLetter)
                .mapToObj(Character.UnicodeScript::of)
                .forEach(scripts::add);
        return scripts;
    }
}
