package dev.agentroles.guard;

import java.util.List;
import java.util.Random;

/// Statements on table `settings` that hide a WHERE, or hide that there is none: comments, quotes, dollar
/// strings, labels, fields, sub-selects, CTEs, MERGE, upserts, PREPARE and EXECUTE, several in a message. Knows
/// of each whether it has one.
final class RandomStatements {
    /// @param messages what is sent, in order
    /// @param where whether each UPDATE, DELETE and MERGE has a WHERE (ON) of its own, on a column
    /// @param backslashes the setting under which it was written
    record Written(List<String> messages, boolean where, boolean backslashes) {}

    private final Random random;
    private boolean backslashes;

    RandomStatements(Random random) {
        this.random = random;
    }

    Written next() {
        backslashes = random.nextInt(4) == 0;
        boolean where = random.nextBoolean();
        return new Written(messages(where), where, backslashes);
    }

    private List<String> messages(boolean where) {
        return switch (random.nextInt(8)) {
            case 0 -> List.of(word("prepare") + gap() + "f" + gap() + word("as") + gap() + body(where), execute());
            case 1 ->
                List.of(
                        body(true) + ";" + maybe() + word("prepare") + gap() + "f" + gap() + word("as") + gap()
                                + body(where),
                        execute());
            case 2 -> List.of(body(true) + ";" + gap() + body(where) + trail());
            case 3 -> List.of(body(where) + maybe() + ";" + gap() + upsert() + trail());
            case 4 ->
                List.of(word("with") + gap() + "c" + gap() + word("as") + maybe() + "(" + body(where) + gap() + ") "
                        + word("select") + " 1" + trail());
            case 5 -> List.of(comment() + merge(where) + trail());
            default -> List.of(statement(where));
        };
    }

    private String execute() {
        return maybe() + word("execute") + gap() + pick("f", "\"f\"", "f" + comment(), "f;");
    }

    private String merge(boolean where) {
        return word("merge")
                + gap()
                + word("into")
                + gap()
                + pick("settings", "public.settings", "ONLY settings")
                + gap()
                + word("using")
                + gap()
                + pick("(SELECT 'k1' AS k) s", "(SELECT 'k1' AS k WHERE true) AS s")
                + gap()
                + word("on")
                + gap()
                + (where
                        ? pick("key = 'k1'", "s.k = key", "(settings.key = s.k)", "key <> k")
                        : pick("true", "1 = 1", "'key' = 'key'", "(true)", "true /* key = k */"))
                + gap()
                + word("when")
                + gap()
                + word("matched")
                + gap()
                + pick("THEN DELETE", "THEN UPDATE SET value = " + value(), "AND true THEN DELETE");
    }

    /// Never asked for a WHERE on a table of this size.
    private String upsert() {
        return word("insert") + gap() + word("into") + gap() + pick("settings", "public.settings AS t")
                + gap() + pick("VALUES ('k1', 'x')", "SELECT 'k2', 'x'") + gap() + "ON CONFLICT (key) DO"
                + gap() + word("update") + gap() + "SET value = " + value();
    }

    private String statement(boolean where) {
        return prefix() + body(where) + (random.nextInt(4) == 0 ? maybe() + ";" + trail() : trail());
    }

    private String body(boolean where) {
        var condition = where ? gap() + word("where") + gap() + condition() : "";
        var returning = random.nextInt(3) == 0 ? gap() + word("returning") + gap() + returning() : "";
        return random.nextBoolean()
                ? word("delete") + gap() + word("from") + gap() + table() + using("using") + condition + returning
                : word("update") + gap() + table() + gap() + word("set") + gap() + "value" + maybe() + "=" + maybe()
                        + value() + using("from") + condition + returning;
    }

    private String prefix() {
        return switch (random.nextInt(6)) {
            case 0 -> comment();
            case 1 ->
                word("with") + gap() + "c" + gap() + word("as") + maybe() + "(" + word("select") + " 1 AS a "
                        + word("where") + " true)" + gap();
            case 2 -> "EXPLAIN ANALYZE ";
            default -> "";
        };
    }

    private String table() {
        return pick(
                "settings",
                "\"settings\"",
                "public.settings",
                "public . settings",
                "ONLY settings",
                "settings*",
                "U&\"settings\"",
                "settings AS \u00e9",
                "settings \u00a0where",
                "\"public\".\"settings\"");
    }

    private String using(String keyword) {
        return switch (random.nextInt(6)) {
            case 0 -> gap() + word(keyword) + gap() + "(SELECT 1 AS where WHERE " + pick("true", "1 = 1") + ") s";
            case 1 -> gap() + word(keyword) + gap() + "(VALUES (1)) AS \"where\"(\"where key = 1\")";
            default -> "";
        };
    }

    private String condition() {
        return pick(
                "key = 'k1'",
                "key" + maybe() + "<>" + maybe() + "'k1'",
                "(key IS NOT NULL)",
                "key IN ('k1', 'k2')",
                "'k1' = key",
                "settings.key LIKE 'k%'",
                "key = ANY (ARRAY['k1'])",
                "lower(key) = 'k1'",
                "EXISTS (SELECT FROM config WHERE config.v = settings.key) OR key = 'k1'",
                "value = " + value());
    }

    private String returning() {
        return pick(
                "key AS where",
                "1 AS" + gap() + "where",
                "key AS \"where\"",
                "(SELECT 1 WHERE true)",
                "key",
                "key AS" + comment() + "where, value");
    }

    private String value() {
        var decoy = pick(" where key = 1 ", "--", "/*", "*/", "'' where ", "x");
        return switch (random.nextInt(9)) {
            case 0 -> "'" + decoy + "'";
            case 1 -> "E'" + decoy + "\\' where key = \\'k1\\\\'";
            case 2 -> "$$" + decoy.replace("''", "'") + "$$";
            case 3 -> "$w$" + decoy.replace("''", "'") + "$w $ $x$ where $w$";
            case 4 -> "'" + decoy + "'" + pick("\n", " \n ", "\r\n") + "' where '";
            case 5 -> backslashes ? "'\\' where key = \\'k1\\''" : "'\\'";
            case 6 -> "(SELECT 'x'" + gap() + word("where") + " true)";
            case 7 -> "N'" + decoy + "'";
            default -> "'a'" + maybe() + "||" + maybe() + "'" + decoy + "'";
        };
    }

    private String trail() {
        return switch (random.nextInt(6)) {
            case 0 -> " -- where key = 'k1'";
            case 1 -> "/* where key = 'k1' */";
            case 2 -> "\n";
            default -> "";
        };
    }

    /// Between two words there must be something.
    private String gap() {
        return random.nextInt(3) == 0 ? comment() : pick(" ", "\n", "\t", "\r\n", " \f ");
    }

    private String maybe() {
        return random.nextInt(4) == 0 ? comment() : pick("", " ");
    }

    private String comment() {
        return pick(
                "/**/",
                "/* where key = 1 */",
                "/* /* where */ ' */",
                "/* $$ */",
                "-- where key = 'k1'\n",
                "-- '\n",
                "--\r",
                "/*--*/",
                "/* \" */",
                " -- $$ where $$\n");
    }

    private String word(String word) {
        var mixed = new StringBuilder();
        word.chars()
                .forEach(character ->
                        mixed.append((char) (random.nextInt(3) == 0 ? Character.toUpperCase(character) : character)));
        return mixed.toString();
    }

    private String pick(String... texts) {
        return List.of(texts).get(random.nextInt(texts.length));
    }
}
