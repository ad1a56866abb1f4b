package dev.agentroles.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Statements as most programs send them, with a few tokens put in, left out, or changed for others.
final class PlainStatements {
    private static final Pattern TOKEN = Pattern.compile("\\s+|\\w+|'[^']*'|\"[^\"]*\"|.");

    private static final List<String> STATEMENTS = List.of(
            "update settings set value = $1 where key = $2",
            "delete from settings where key = 'k1'",
            "UPDATE \"public\".\"settings\" AS q SET value = 'y', key = key || 'z' WHERE q.key = $1::text AND value <> 'w'",
            "delete from only public.settings c where c.key in ($1, $2,'x') ;",
            "update settings set value = 1 - 2 where key = 'k1' and value >= 'a'",
            "update settings set value = coalesce(value, 'x'), key = (select 'k' where true) where key in (select 'k1') or value is null",
            "delete from settings where key like 'k%' and value not in ('a') or settings . key between $1 and 'z' returning key, value",
            "/* where key = 1 */ update settings set value = null -- where\n where key='k1' and lower(value) = 'x'",
            "delete from settings using config c where c.v = settings.key and c.id < 5",
            "update settings set value = 'x' where ((\"key\" = 'k1' and value is null) and (value <> $1))",
            "delete from settings where (key = 'k1') or (value = 'x' and (key in ('k1') or 1 = 1))",
            "with recursive x (a) as materialized (select 1) update settings set value = 'y' from x where x.a = 1 and key = 'k1'",
            "with recursive x (a) as (select 1) search breadth first by a set u delete from settings where key = 'k1'",
            "update settings set value = 'x' where lower(key) = 'k1' or (key = $1 and value is null) or coalesce(value, $1) in ('a')",
            "with x as (select 1 as a) insert into config select a, 'x' from x where a = 1",
            "update only \"settings\" as x set \"value\" = 'a', key = now() where x.\"key\" = 'k1' and value <> 'q'::text and key >= $3;",
            "delete from settings using config where settings.key = 'k1' and config.id = 5",
            "insert into settings (key, value) values ($1, 'x'), ('k2', now()) on conflict (key) do update set value = excluded.value",
            "INSERT INTO public.settings AS s VALUES($1,$2) ON CONFLICT ON CONSTRAINT settings_pkey DO UPDATE SET value='a'||1 WHERE s.value<>$3 RETURNING *;",
            "update settings set value = 'a;b' where key = 'k1'; delete from settings where key = $1 ;update only settings set value = $2 where key = 'k2'",
            "insert into \"settings\" values ('k', 'x') on conflict (\"key\") do update set value = 'y';\nUPDATE settings SET value = 'x' WHERE key = 'k';");

    private static final List<String> TOKENS = List.of(
            "update",
            "delete",
            "isnull",
            "=>",
            "user = 'x'",
            " and value or true",
            "from",
            "set",
            "where",
            "and",
            "or",
            "as",
            "only",
            "settings",
            "key",
            "\"key\"",
            "\"wh ere\"",
            "=",
            "<>",
            "!=",
            "$1",
            "2.5",
            "'s'",
            "'it''s'",
            "''",
            "' where '",
            "--",
            "/*",
            "*/",
            "-",
            "+",
            "/",
            "*",
            "||",
            "::",
            "::int",
            "(",
            ")",
            ",",
            ".",
            ";",
            " ",
            "\n",
            "in",
            "true",
            "null",
            "current_user",
            "user",
            "e'x'",
            "E'",
            "\\",
            "$a$",
            "$$",
            "u&",
            "U&\"x\"",
            "n'x'",
            "returning",
            "a.b",
            "\"a\".\"b\"",
            "is",
            "not",
            " 'a' 'b'",
            "--x\n",
            "= -1",
            "merge",
            "values",
            "execute",
            "\u00a0",
            "current_date = current_date",
            "user is not null",
            "null is null",
            " or ",
            "or\u00a0",
            " or true",
            " and true",
            "key = key",
            "k1 = k1",
            "and 1 = 1",
            "wherever",
            "nowhere",
            "thisis",
            " as where",
            ".where",
            " (select 1 where true)",
            "asin(1)",
            "now()",
            "{",
            "[1]",
            "/* where */",
            "/* /* */ where */",
            "-- where\n",
            "\"it's\"",
            "between",
            "like",
            "b'1''0'",
            "\n'x'",
            "#",
            "=>",
            "(key = 'k1')",
            "(true = true)",
            "(current_user = 'x')",
            "(key = 'k1' or true)",
            "(select true where 1 = 1 and key = 'k1')",
            "brand(key = 'k1')",
            "(key)",
            "lower(key)",
            "lower(key) = lower(key)",
            "upper(current_user) = 'X'",
            "nullif(user, 'x')",
            "key = (key)",
            "`",
            "^",
            "or(key = 'k1')",
            "where(key = 'k1')",
            "}",
            "with x as (select 1) ",
            " cycle a set u using p ",
            "search depth first by a set u ",
            "select",
            "insert into config ");

    private final Random random;

    PlainStatements(Random random) {
        this.random = random;
    }

    String next() {
        var tokens = new ArrayList<>(TOKEN.matcher(pick(STATEMENTS))
                .results()
                .map(MatchResult::group)
                .toList());
        for (int change = random.nextInt(5); change > 0 && !tokens.isEmpty(); change--) {
            int at = random.nextInt(tokens.size());
            switch (random.nextInt(3)) {
                case 0 -> tokens.add(at, pick(TOKENS));
                case 1 -> tokens.set(at, pick(TOKENS));
                default -> tokens.remove(at);
            }
        }
        return String.join("", tokens);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
